import { describe } from '@jest/globals';
import { describeApprovals } from './driver-approvals.ts';
import { describeEnds } from './driver-ends.ts';
import type { OpenProgram } from './driver-fixtures.ts';
import { describeNarration } from './driver-narration.ts';
import { describeRestarts } from './driver-restarts.ts';
import { describeSleep } from './driver-sleep.ts';
import { describeStopped } from './driver-stopped.ts';
import { describeSurface } from './driver-surface.ts';
import { describeTurns } from './driver-turns.ts';

/** The promises of `core/ports/agent.ts`, kept by the driver over this program, and what it asks of the program. */
export function describeDriver(name: string, open: OpenProgram): void {
  describe(name, () => {
    describeTurns(open);
    describeApprovals(open);
    describeEnds(open);
    describeNarration(open);
    describeRestarts(open);
    describeSleep(open);
    describeStopped(open);
    describeSurface(open);
  });
}
