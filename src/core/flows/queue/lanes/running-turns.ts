import type { RequestRecord } from '../../../model/request.ts';
import type { Lease } from '../../sessions/pool/lease.ts';
import type { Carry } from '../../turns/carry-out.ts';
import { startTurn, type RunningTurn, type TurnDeps } from '../../turns/turn.ts';

/** The turns that run here, one in each session at most. */
export interface RunningTurns {
  /** The turn has the lease until its end. `heldMs`: for so long its deadline stood still before. */
  start(request: RequestRecord, carry: Carry, lease: Lease, heldMs?: number): void;
  of(workspace: string): RunningTurn | null;
  has(workspace: string): boolean;
  count(): number;
  letGo(): void;
}

/** `over` is told when a turn is over here. */
export function createRunningTurns(deps: TurnDeps, over: (request: RequestRecord) => void): RunningTurns {
  const turns = new Map<string, RunningTurn>();

  return {
    start(request, carry, lease, heldMs) {
      const turn = startTurn(deps, request, carry, heldMs);
      turns.set(request.workspace, turn);
      void turn.done.then(() => {
        turns.delete(request.workspace);
        lease.release();
        over(request);
      });
    },
    of: (workspace) => turns.get(workspace) ?? null,
    has: (workspace) => turns.has(workspace),
    count: () => turns.size,
    letGo() {
      for (const turn of turns.values()) turn.stop('let_go');
    },
  };
}
