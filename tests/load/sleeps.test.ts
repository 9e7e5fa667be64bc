import { overClaude } from '../contract/driver/claude/program.ts';
import { describeSleepAgain } from '../contract/driver/sleep.ts';

/** The contract has two rounds of it. */
overClaude((open) => describeSleepAgain(open, 10));
