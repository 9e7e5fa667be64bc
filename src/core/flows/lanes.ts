import type { RequestRecord } from '../model/request.ts';
import { startTurn, type Carry, type RunningTurn, type TurnDeps } from './turn.ts';

/** The queues of all sessions: at most one turn in each, and at most so many over all. */
export interface Lanes {
  /** Looks whether this session has work. */
  kick(workspace: string): void;
  /** Runs a turn that recovery found, in its lane. */
  resume(request: RequestRecord, carry: Carry): void;
  running(workspace: string): RunningTurn | null;
  runningCount(): number;
  /** Waits until the lane of this session stands still. */
  settled(workspace: string): Promise<void>;
  /** No more claims; turns under way are let go. */
  drain(): Promise<void>;
}

export function createLanes(deps: TurnDeps, maxRunningTurns: number): Lanes {
  const { store, clock, log } = deps.parts;
  const turns = new Map<string, RunningTurn>();
  /** Sessions that may have work, in the order in which they asked for a place. */
  const waiting = new Set<string>();
  const claiming = new Map<string, Promise<void>>();
  let draining = false;

  function fill(): void {
    for (const workspace of waiting) {
      if (draining || turns.size + claiming.size >= maxRunningTurns) return;
      if (turns.has(workspace) || claiming.has(workspace)) continue;
      waiting.delete(workspace);
      claiming.set(workspace, claim(workspace));
    }
  }

  async function claim(workspace: string): Promise<void> {
    try {
      const request = await store.claim(workspace, clock.now());
      // Claimed in the moment of draining: it has not begun, and the next process queues it again.
      if (request !== null && !draining)
        run(request, (session, observer, signal) => session.runTurn(request.prompt, observer, signal));
    } catch (error) {
      log.error({ workspace, error: String(error) }, 'lane.claim_failed');
    } finally {
      claiming.delete(workspace);
      fill();
    }
  }

  function run(request: RequestRecord, carry: Carry): void {
    const turn = startTurn(deps, request, carry);
    turns.set(request.workspace, turn);
    turn.done
      .catch((error: unknown) => log.error({ requestId: request.id, error: String(error) }, 'turn.lost'))
      .finally(() => {
        turns.delete(request.workspace);
        waiting.add(request.workspace);
        fill();
      });
  }

  return {
    kick(workspace) {
      waiting.add(workspace);
      fill();
    },
    resume: run,
    running: (workspace) => turns.get(workspace) ?? null,
    runningCount: () => turns.size,
    async settled(workspace) {
      await turns.get(workspace)?.done;
    },
    async drain() {
      draining = true;
      await Promise.all(claiming.values());
      for (const turn of turns.values()) turn.stop('let_go');
    },
  };
}
