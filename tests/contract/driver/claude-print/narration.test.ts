import { describeNarration } from '../narration.ts';
import { overPrint } from './program.ts';

overPrint(describeNarration);
