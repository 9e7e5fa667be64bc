import { describeEnds } from '../ends.ts';
import { overScripted } from './program.ts';

overScripted(describeEnds);
