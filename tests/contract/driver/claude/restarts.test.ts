import { describeRestarts } from '../restarts.ts';
import { overClaude } from './program.ts';

overClaude(describeRestarts);
