import { describeEnds } from '../ends.ts';
import { overClaude } from './program.ts';

overClaude(describeEnds);
