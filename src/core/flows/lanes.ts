import type { RequestRecord } from '../model/request.ts';
import { startTurn, type Carry, type RunningTurn, type TurnDeps } from './turn.ts';

/** The queues of all sessions: at most one turn in each, and at most so many over all. */
export interface Lanes {
  /** Looks whether this session has work. */
  kick(workspace: string): void;
  /** Lets claims begin: before recovery has looked at every running request, a claim could take one for lost. */
  open(): void;
  /** Runs a turn that recovery found, in its lane. */
  resume(request: RequestRecord, carry: Carry): void;
  running(workspace: string): RunningTurn | null;
  /** As `running`, once a claim under way has been decided. */
  claimed(workspace: string): Promise<RunningTurn | null>;
  runningCount(): number;
  /** Waits until the lane of this session stands still. */
  settled(workspace: string): Promise<void>;
  /** No more claims; turns under way are let go. */
  drain(): Promise<void>;
}

const CLAIM_RETRY_MS = 1_000;

export function createLanes(deps: TurnDeps, maxRunningTurns: number): Lanes {
  const { store, clock, log } = deps.parts;
  const turns = new Map<string, RunningTurn>();
  /** Sessions that may have work, in the order in which they asked for a place. */
  const waiting = new Set<string>();
  const claiming = new Map<string, Promise<void>>();
  let state: 'closed' | 'open' | 'draining' = 'closed';
  const callOffs = new Set<() => void>();

  function fill(): void {
    for (const workspace of waiting) {
      if (state !== 'open' || turns.size + claiming.size >= maxRunningTurns) return;
      if (turns.has(workspace) || claiming.has(workspace)) continue;
      waiting.delete(workspace);
      claiming.set(workspace, claim(workspace));
    }
  }

  async function claim(workspace: string): Promise<void> {
    try {
      const request = await store.claim(workspace, clock.now());
      // Claimed in the moment of draining: it has not begun, and the next process queues it again.
      if (request !== null && state === 'open')
        run(request, (session, observer, signal) => session.runTurn(request.prompt, observer, signal));
    } catch (error) {
      log.error({ workspace, error: String(error) }, 'lane.claim_failed');
      kickLater(workspace);
    } finally {
      claiming.delete(workspace);
      fill();
    }
  }

  /** The disk refused: work must not wait for the next submission. */
  function kickLater(workspace: string): void {
    const callOff = clock.after(CLAIM_RETRY_MS, () => {
      callOffs.delete(callOff);
      kick(workspace);
    });
    callOffs.add(callOff);
  }

  function run(request: RequestRecord, carry: Carry): void {
    const turn = startTurn(deps, request, carry);
    turns.set(request.workspace, turn);
    void turn.done.then(() => {
      turns.delete(request.workspace);
      // Behind all that asked in the meantime: a session with much work takes turns with the others.
      waiting.delete(request.workspace);
      kick(request.workspace);
    });
  }

  function kick(workspace: string): void {
    waiting.add(workspace);
    fill();
  }

  return {
    kick,
    open() {
      if (state === 'closed') state = 'open';
      fill();
    },
    resume: run,
    running: (workspace) => turns.get(workspace) ?? null,
    async claimed(workspace) {
      await claiming.get(workspace);
      return turns.get(workspace) ?? null;
    },
    runningCount: () => turns.size,
    async settled(workspace) {
      await turns.get(workspace)?.done;
    },
    async drain() {
      state = 'draining';
      for (const callOff of callOffs) callOff();
      await Promise.all(claiming.values());
      for (const turn of turns.values()) turn.stop('let_go');
    },
  };
}
