import { describeUsage } from '../usage.ts';
import { overPrint } from './program.ts';

overPrint(describeUsage);
