import { describe } from '@jest/globals';
import { openClaude } from '../claude/program.ts';
import type { DescribePart, OpenProgram } from '../fixtures.ts';

/** The real CLI, driven line by line. */
export const openPrint: OpenProgram = async () => ({ ...(await openClaude()), agent: 'claude-print' });

/** One part of the contract, kept by the driver of `claude -p` over the real CLI. */
export function overPrint(describePart: DescribePart): void {
  describe('the claude-print driver over the real CLI', () => describePart(openPrint, 'claude-print'));
}
