import { describeNarration } from '../narration.ts';
import { overClaude } from './program.ts';

overClaude(describeNarration);
