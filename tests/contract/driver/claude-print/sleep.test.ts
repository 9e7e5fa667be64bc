import { describeSleep } from '../sleep.ts';
import { overPrint } from './program.ts';

overPrint(describeSleep);
