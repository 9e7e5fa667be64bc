import { describeTurns } from '../turns.ts';
import { overScripted } from './program.ts';

overScripted(describeTurns);
