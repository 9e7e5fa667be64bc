import type { AgentName } from '../../../model/agent.ts';
import type { RequestRecord } from '../../../model/request.ts';
import type { Lease } from '../../sessions/pool/lease.ts';
import type { Pool } from '../../sessions/pool/pool.ts';
import { createTimers } from '../../timers.ts';
import type { Carry } from '../../turns/carry-out.ts';
import type { RunningTurn, TurnDeps } from '../../turns/turn.ts';
import { createClaims } from './claims.ts';
import type { Pauses } from '../pauses.ts';
import { createPlaceless } from './placeless.ts';
import { createRunningTurns } from './running-turns.ts';
import { createSlots } from './slots.ts';
import { createTurnOrder } from './turn-order.ts';
import type { Waiter } from './waiter.ts';

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

/** The disk refused: work must not wait for the next submission. */
const RETRY_MS = 1_000;

export interface LanesDeps extends TurnDeps {
  readonly pool: Pool;
  /** While its agent is paused, no request is claimed. */
  readonly pauses: Pick<Pauses, 'of'>;
}

export function createLanes(deps: LanesDeps): Lanes {
  const { parts, pool, pauses } = deps;
  const order = createTurnOrder();
  const turns = createRunningTurns(deps, ({ workspace, agent }) => kick(workspace, agent));
  const placeless = createPlaceless(parts.clock, fill);
  /** Sessions that are left alone for a moment. */
  const resting = createTimers(parts.clock);
  const failed = (workspace: string): void => resting.set(workspace, RETRY_MS, fill);
  const claims = createClaims({ parts, pool, order, placeless, run: runClaimed, failed, over: fill });
  const mayRun = ({ workspace, agent }: Waiter): boolean =>
    ![turns, claims, resting, placeless].some((those) => those.has(workspace)) && pauses.of(agent) === null;
  const taken = (): number => turns.count() + claims.count();
  const slots = createSlots({ parts, order, mayRun, taken, give: (waiter) => claims.begin(waiter), failed });

  function fill(): void {
    slots.fill();
  }

  function runClaimed(request: RequestRecord, lease: Lease): boolean {
    // Claimed in the moment of draining: it has not begun, and the next process queues it again.
    if (!slots.isOpen()) return false;
    const traceparent = request.trace?.traceparent ?? null;
    const carry: Carry = (session, observer, signal) => session.runTurn(request.prompt, observer, signal, traceparent);
    run(request, carry, lease);
    return true;
  }

  function run(request: RequestRecord, carry: Carry, lease: Lease, heldMs?: number): void {
    turns.start(request, carry, lease, heldMs);
    order.served(request.workspace);
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
    placeFreed: () => placeless.freed(),
    open: () => slots.open(),
    resume: (request, carry, heldMs) => run(request, carry, pool.hold(request.workspace), heldMs),
    running: (workspace) => turns.of(workspace),
    async claimed(workspace) {
      await claims.decided(workspace);
      return turns.of(workspace);
    },
    runningCount: () => turns.count(),
    async drain() {
      placeless.stop();
      await slots.close();
      await claims.allDecided();
      resting.callOffAll();
      turns.letGo();
    },
  };
}
