import { describeRestarts } from '../restarts.ts';
import { overPrint } from './program.ts';

overPrint(describeRestarts);
