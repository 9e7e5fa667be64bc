import { describeRestarts } from '../restarts.ts';
import { overScripted } from './program.ts';

overScripted(describeRestarts);
