import { describeNarration } from '../narration.ts';
import { overScripted } from './program.ts';

overScripted(describeNarration);
