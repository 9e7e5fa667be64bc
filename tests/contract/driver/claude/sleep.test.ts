import { describeSleep } from '../sleep.ts';
import { overClaude } from './program.ts';

overClaude(describeSleep);
