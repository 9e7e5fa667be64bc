import { describeStopped } from '../stopped.ts';
import { overPrint } from './program.ts';

overPrint(describeStopped);
