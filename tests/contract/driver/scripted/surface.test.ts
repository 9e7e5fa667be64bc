import { describeSurface } from '../surface.ts';
import { overScripted } from './program.ts';

overScripted(describeSurface);
