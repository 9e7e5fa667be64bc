import type { AgentName } from '../../../model/agent.ts';
import { MAX_OVERTAKEN, PRIORITIES } from '../../../model/request.ts';
import type { QueueHead } from '../../../ports/store.ts';

/** A session that waits for a turn. */
export interface Waiter {
  readonly workspace: string;
  readonly agent: AgentName;
  /** Its number among all that began to wait. */
  readonly since: number;
  /** How many turns went to sessions that began to wait later. */
  readonly overtaken: number;
  /** Null while nobody has read it since the queue changed. */
  readonly head: QueueHead | null;
}

/** The rule of TurnOrder. `lastTurnOf`: the number of the last turn of a session; 0: it had none. */
export function goesBefore(a: Waiter, b: Waiter, now: number, lastTurnOf: (waiter: Waiter) => number): boolean {
  const [agedA, agedB] = [hasAged(a, now), hasAged(b, now)];
  if (agedA !== agedB) return agedA;
  const byAge = a.since - b.since;
  if (agedA) return byAge < 0;
  return (rankOf(a) - rankOf(b) || lastTurnOf(a) - lastTurnOf(b) || byAge) < 0;
}

function hasAged({ overtaken, head }: Waiter, now: number): boolean {
  return overtaken >= MAX_OVERTAKEN || (head !== null && head.agedAt <= now);
}

function rankOf({ head }: Waiter): number {
  return head === null ? PRIORITIES.length : PRIORITIES.indexOf(head.priority);
}
