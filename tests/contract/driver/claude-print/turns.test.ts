import { describeTurns } from '../turns.ts';
import { overPrint } from './program.ts';

overPrint(describeTurns);
