import { describeStopped } from '../stopped.ts';
import { overScripted } from './program.ts';

overScripted(describeStopped);
