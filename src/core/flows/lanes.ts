import type { AgentName } from '../model/agent.ts';
import type { RequestRecord } from '../model/request.ts';
import type { Lease, Pool } from './pool.ts';
import { startTurn, type Carry, type RunningTurn, type TurnDeps } from './turn.ts';

/** The queues of all sessions: at most one turn in each, and at most so many over all. */
export interface Lanes {
  /** Looks whether this session has work. */
  kick(workspace: string, agent: AgentName): void;
  /** Looks again at what waited, as after the end of a pause. */
  fill(): void;
  /** Looks again at what found no place for its session. */
  placeFreed(): void;
  /** Lets claims begin: before recovery has looked at every running request, a claim could take one for lost. */
  open(): void;
  /** Runs a turn that recovery found, in its lane. */
  resume(request: RequestRecord, carry: Carry): void;
  running(workspace: string): RunningTurn | null;
  /** As `running`, once a claim under way has been decided. */
  claimed(workspace: string): Promise<RunningTurn | null>;
  runningCount(): number;
  /** No more claims; turns under way are let go. */
  drain(): Promise<void>;
}

const CLAIM_RETRY_MS = 1_000;
/** Nobody tells when a person who kept a session from sleeping has gone. */
const PLACE_LOOK_MS = 2_000;

export interface LanesDeps extends TurnDeps {
  readonly pool: Pool;
  /** While true, no request of this agent is claimed. */
  readonly isPaused: (agent: AgentName) => boolean;
}

export function createLanes(deps: LanesDeps, maxRunningTurns: number): Lanes {
  const { pool } = deps;
  const { store, clock, log } = deps.parts;
  const turns = new Map<string, RunningTurn>();
  /** Sessions that may have work, in the order in which they asked for a place. */
  let waiting = new Map<string, AgentName>();
  /** Those of them that found no place. */
  const placeless = new Map<string, AgentName>();
  /** How often places may have become free. */
  let freedCount = 0;
  let lookAgain: (() => void) | null = null;
  const claiming = new Map<string, Promise<void>>();
  let state: 'closed' | 'open' | 'draining' = 'closed';
  const callOffs = new Set<() => void>();

  function fill(): void {
    for (const [workspace, agent] of waiting) {
      if (state !== 'open' || turns.size + claiming.size >= maxRunningTurns) return;
      if (turns.has(workspace) || claiming.has(workspace) || deps.isPaused(agent)) continue;
      waiting.delete(workspace);
      claiming.set(workspace, claim(workspace, agent));
    }
  }

  async function claim(workspace: string, agent: AgentName): Promise<void> {
    let lease: Lease | null = null;
    try {
      // No other session is put to sleep for an empty queue.
      if (!(await store.hasQueued(workspace))) return;
      const looked = freedCount;
      lease = await pool.reserve(workspace);
      if (lease === null) return waitForPlace(workspace, agent, looked);
      const request = await store.claim(workspace, clock.now());
      // Claimed in the moment of draining: it has not begun, and the next process queues it again.
      if (request !== null && state === 'open') {
        run(request, (session, observer, signal) => session.runTurn(request.prompt, observer, signal), lease);
        lease = null;
      }
    } catch (error) {
      log.error({ workspace, error: String(error) }, 'lane.claim_failed');
      kickLater(workspace, agent);
    } finally {
      claiming.delete(workspace);
      lease?.release();
      fill();
    }
  }

  /** It stays queued, and takes none of the slots for turns. */
  function waitForPlace(workspace: string, agent: AgentName, looked: number): void {
    if (looked !== freedCount) {
      waiting = new Map([[workspace, agent], ...waiting]);
      return;
    }
    placeless.set(workspace, agent);
    if (state === 'open') lookAgain ??= clock.after(PLACE_LOOK_MS, placeFreed);
  }

  function placeFreed(): void {
    freedCount += 1;
    lookAgain?.();
    lookAgain = null;
    waiting = new Map([...placeless, ...waiting]);
    placeless.clear();
    fill();
  }

  /** The disk refused: work must not wait for the next submission. */
  function kickLater(workspace: string, agent: AgentName): void {
    const callOff = clock.after(CLAIM_RETRY_MS, () => {
      callOffs.delete(callOff);
      kick(workspace, agent);
    });
    callOffs.add(callOff);
  }

  function run(request: RequestRecord, carry: Carry, lease: Lease): void {
    const turn = startTurn(deps, request, carry);
    turns.set(request.workspace, turn);
    void turn.done.then(() => {
      turns.delete(request.workspace);
      // Behind all that asked in the meantime: a session with much work takes turns with the others.
      waiting.delete(request.workspace);
      lease.release();
      kick(request.workspace, request.agent);
    });
  }

  function kick(workspace: string, agent: AgentName): void {
    if (!placeless.has(workspace)) waiting.set(workspace, agent);
    fill();
  }

  return {
    kick,
    fill,
    placeFreed,
    open() {
      if (state === 'closed') state = 'open';
      fill();
    },
    resume: (request, carry) => run(request, carry, pool.hold(request.workspace)),
    running: (workspace) => turns.get(workspace) ?? null,
    async claimed(workspace) {
      await claiming.get(workspace);
      return turns.get(workspace) ?? null;
    },
    runningCount: () => turns.size,
    async drain() {
      state = 'draining';
      for (const callOff of callOffs) callOff();
      lookAgain?.();
      await Promise.all(claiming.values());
      for (const turn of turns.values()) turn.stop('let_go');
    },
  };
}
