import { describeStopped } from '../stopped.ts';
import { overClaude } from './program.ts';

overClaude(describeStopped);
