import { describeSurface } from '../surface.ts';
import { overClaude } from './program.ts';

overClaude(describeSurface);
