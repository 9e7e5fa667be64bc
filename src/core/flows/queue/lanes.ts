import type { AgentName } from '../../model/agent.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { Lease } from '../sessions/pool/lease.ts';
import type { Pool } from '../sessions/pool/pool.ts';
import type { Pauses } from './pauses.ts';
import { createTurnOrder, type Waiter } from './turn-order.ts';
import { startTurn, type Carry, type RunningTurn, type TurnDeps } from '../turns/turn.ts';

/** The queues of all sessions: at most one turn in each, and at most so many over all. */
export interface Lanes {
  /** Looks whether this session has work. */
  kick(workspace: string, agent: AgentName): void;
  /** Looks again at what waited, as after the end of a pause. */
  fill(): void;
  /** A place for an agent may have become free. */
  placeFreed(): void;
  /** Lets claims begin: before recovery has looked at every running request, a claim could take one for lost. */
  open(): void;
  /** Runs a turn that recovery found, in its lane. */
  resume(request: RequestRecord, carry: Carry, heldMs?: number): void;
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
  /** While its agent is paused, no request is claimed. */
  readonly pauses: Pick<Pauses, 'of'>;
}

export function createLanes(deps: LanesDeps): Lanes {
  const { pool } = deps;
  const { maxRunningTurns } = deps.parts.settings;
  const { store, clock, log } = deps.parts;
  const turns = new Map<string, RunningTurn>();
  const order = createTurnOrder();
  const claiming = new Map<string, Promise<void>>();
  /** Decisions follow one another: each has to know of the one before. */
  let filling: Promise<void> = Promise.resolve();
  let state: 'closed' | 'open' | 'draining' = 'closed';
  /** Sessions that are left alone for a moment, and how to call off its end. */
  const resting = new Map<string, () => void>();
  /** Sessions that found no place for their agent. */
  const placeless = new Set<string>();
  /** How often places may have become free. */
  let freedCount = 0;
  let callOffLook: (() => void) | null = null;

  const hasSlot = (): boolean => state === 'open' && turns.size + claiming.size < maxRunningTurns;
  const mayRun = ({ workspace, agent }: Waiter): boolean =>
    ![turns, claiming, resting, placeless].some((those) => those.has(workspace)) && deps.pauses.of(agent) === null;

  function fill(): void {
    filling = filling.then(giveSlots);
  }

  /** One slot after the other, each by what all queues hold by then. */
  async function giveSlots(): Promise<void> {
    while (hasSlot()) {
      await readHeads();
      const next = hasSlot() ? order.next(clock.now(), mayRun) : null;
      if (next === null) return;
      claiming.set(next.workspace, claim(next));
    }
  }

  async function readHeads(): Promise<void> {
    for (let unread = order.unread(mayRun); unread.length > 0; unread = order.unread(mayRun)) {
      await Promise.all(unread.map(readHead));
    }
  }

  async function readHead(waiter: Waiter): Promise<void> {
    try {
      order.note(waiter, await store.readHead(waiter.workspace));
    } catch (error) {
      log.error({ workspace: waiter.workspace, error: String(error) }, 'lane.head_not_read');
      rest(waiter.workspace);
    }
  }

  async function claim(waiter: Waiter): Promise<void> {
    const { workspace } = waiter;
    let lease: Lease | null = null;
    try {
      const looked = freedCount;
      lease = await pool.reserve(workspace);
      if (lease === null) return waitForPlace(waiter, looked);
      const request = await store.claim(workspace, clock.now());
      // Claimed in the moment of draining: it has not begun, and the next process queues it again.
      if (request !== null && state === 'open') {
        run(request, (session, observer, signal) => session.runTurn(request.prompt, observer, signal), lease);
        lease = null;
      }
    } catch (error) {
      log.error({ workspace, error: String(error) }, 'lane.claim_failed');
      order.giveBack(waiter);
      rest(workspace);
    } finally {
      claiming.delete(workspace);
      lease?.release();
      fill();
    }
  }

  /** It stays queued, and takes none of the slots for turns. */
  function waitForPlace(waiter: Waiter, looked: number): void {
    order.giveBack(waiter);
    if (looked !== freedCount) return;
    placeless.add(waiter.workspace);
    if (state === 'open') callOffLook ??= clock.after(PLACE_LOOK_MS, placeFreed);
  }

  function placeFreed(): void {
    freedCount += 1;
    callOffLook?.();
    callOffLook = null;
    placeless.clear();
    fill();
  }

  /** The disk refused: work must not wait for the next submission. */
  function rest(workspace: string): void {
    resting.get(workspace)?.();
    const callOff = clock.after(CLAIM_RETRY_MS, () => {
      resting.delete(workspace);
      fill();
    });
    resting.set(workspace, callOff);
  }

  function run(request: RequestRecord, carry: Carry, lease: Lease, heldMs?: number): void {
    const turn = startTurn(deps, request, carry, heldMs);
    turns.set(request.workspace, turn);
    order.served(request.workspace);
    void turn.done.then(() => {
      turns.delete(request.workspace);
      lease.release();
      kick(request.workspace, request.agent);
    });
  }

  function kick(workspace: string, agent: AgentName): void {
    // The end of its turn looks again.
    if (turns.has(workspace)) return;
    order.ask(workspace, agent);
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
    resume: (request, carry, heldMs) => run(request, carry, pool.hold(request.workspace), heldMs),
    running: (workspace) => turns.get(workspace) ?? null,
    async claimed(workspace) {
      await claiming.get(workspace);
      return turns.get(workspace) ?? null;
    },
    runningCount: () => turns.size,
    async drain() {
      state = 'draining';
      callOffLook?.();
      await filling;
      await Promise.all(claiming.values());
      for (const callOff of resting.values()) callOff();
      for (const turn of turns.values()) turn.stop('let_go');
    },
  };
}
