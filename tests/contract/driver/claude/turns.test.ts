import { describeTurns } from '../turns.ts';
import { overClaude } from './program.ts';

overClaude(describeTurns);
