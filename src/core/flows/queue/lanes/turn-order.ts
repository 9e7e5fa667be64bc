import type { AgentName } from '../../../model/agent.ts';
import type { QueueHead } from '../../../ports/store.ts';
import { goesBefore, type Waiter } from './waiter.ts';

/** Decides which session gets a free slot. Before all goes one that ten turns of others overtook, or whose oldest request
 *  has waited for five minutes: of several the one that began to wait first. Then the highest class goes first, and inside
 *  one class the session whose last turn is longest ago. So, while no ageing steps in: as long as a session waits, no
 *  other is given two turns of the same or a lower class. And always: at most ten turns overtake it. */
export interface TurnOrder {
  /** The session waits from now on. When it does already, its queue has changed, and it keeps its place. */
  ask(workspace: string, agent: AgentName): void;
  /** Those whose head has to be read before the next decision. */
  unread(may: (waiter: Waiter) => boolean): readonly Waiter[];
  /** What was read for this waiter; with null, an empty queue, it waits no longer. */
  note(waiter: Waiter, head: QueueHead | null): void;
  /** Takes out the one that goes next; those that may not are neither taken nor overtaken. */
  next(now: number, may: (waiter: Waiter) => boolean): Waiter | null;
  /** Undoes that it was taken out: it waits as long as before, and has overtaken nobody. */
  giveBack(waiter: Waiter): void;
  /** It has its turn. */
  served(workspace: string): void;
}

type Entry = { -readonly [Name in keyof Waiter]: Waiter[Name] };

/** All that it knows is in memory: a decision costs one look at each that waits, and no query. */
export function createTurnOrder(): TurnOrder {
  const waiting = new Map<string, Entry>();
  /** The number of the last turn of each session. */
  const lastTurns = new Map<string, number>();
  /** Whom those that were taken out overtook, until they are served. */
  const passed = new Map<string, readonly Waiter[]>();
  let asked = 0;
  let turns = 0;

  const lastTurnOf = ({ workspace }: Waiter): number => lastTurns.get(workspace) ?? 0;

  return {
    ask(workspace, agent) {
      const known = waiting.get(workspace);
      // Another object: a head that is just being read for the old one is out of date.
      const entry = known ?? { workspace, agent, since: (asked += 1), overtaken: 0, head: null };
      waiting.set(workspace, { ...entry, head: null });
    },

    unread: (may) => [...waiting.values()].filter((entry) => entry.head === null && may(entry)),

    note(waiter, head) {
      const entry = waiting.get(waiter.workspace);
      if (entry === undefined || entry !== waiter) return;
      if (head === null) waiting.delete(waiter.workspace);
      else entry.head = head;
    },

    next(now, may) {
      const candidates = [...waiting.values()].filter((entry) => entry.head !== null && may(entry));
      const [any, ...others] = candidates;
      if (any === undefined) return null;
      const first = others.reduce((best, entry) => (goesBefore(entry, best, now, lastTurnOf) ? entry : best), any);
      waiting.delete(first.workspace);
      const overtaken = candidates.filter(({ since }) => since < first.since);
      for (const entry of overtaken) entry.overtaken += 1;
      passed.set(first.workspace, overtaken);
      return first;
    },

    giveBack(waiter) {
      for (const { workspace, since } of passed.get(waiter.workspace) ?? []) {
        const entry = waiting.get(workspace);
        if (entry?.since === since) entry.overtaken -= 1;
      }
      passed.delete(waiter.workspace);
      waiting.set(waiter.workspace, { ...waiter, head: null });
    },

    served(workspace) {
      waiting.delete(workspace);
      passed.delete(workspace);
      lastTurns.set(workspace, (turns += 1));
    },
  };
}
