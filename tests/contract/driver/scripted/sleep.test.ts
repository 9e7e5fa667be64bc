import { describeSleep } from '../sleep.ts';
import { overScripted } from './program.ts';

overScripted(describeSleep);
