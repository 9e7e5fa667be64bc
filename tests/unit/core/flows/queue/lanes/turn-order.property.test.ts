import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTurnOrder } from '../../../../../../src/core/flows/queue/lanes/turn-order.ts';
import type { Waiter } from '../../../../../../src/core/flows/queue/lanes/waiter.ts';
import { MAX_OVERTAKEN, MAX_WAIT_MS, PRIORITIES, type Priority } from '../../../../../../src/core/model/request.ts';
import type { QueueHead } from '../../../../../../src/core/ports/store.ts';

const SESSIONS = ['a', 'b', 'c', 'd', 'e'] as const;

type Step =
  | { readonly kind: 'arrives'; readonly workspace: string; readonly priority: Priority }
  | { readonly kind: 'ends'; readonly nth: number }
  | { readonly kind: 'passes'; readonly ms: number };

/** A turn that was given, and what every session that could have had it instead was waiting for. */
interface Decision {
  readonly chosen: Seen;
  readonly passedOver: readonly Seen[];
}

interface Seen {
  readonly workspace: string;
  readonly rank: number;
  readonly aged: boolean;
  /** Counted by the test: turns given to later ones while this one waited. */
  readonly overtaken: number;
  /** How many decisions there had been when it began to wait. */
  readonly since: number;
}

const ends = fc.nat({ max: 4 }).map((nth): Step => ({ kind: 'ends', nth }));
const passes = fc.nat({ max: MAX_WAIT_MS / 5 }).map((ms): Step => ({ kind: 'passes', ms }));
const priority = fc.constantFrom(...PRIORITIES);

/** Each session mostly asks for one class: only then do some sessions have nothing but low ones. */
const arrives = fc.array(priority, { minLength: SESSIONS.length, maxLength: SESSIONS.length }).map((classes) =>
  fc
    .record({ session: fc.nat({ max: SESSIONS.length - 1 }), other: fc.option(priority, { freq: 12 }) })
    .map(({ session, other }): Step => {
      return { kind: 'arrives', workspace: SESSIONS[session] ?? 'a', priority: other ?? classes[session] ?? 'normal' };
    }),
);
const arrivals = { size: 'max', maxLength: 150 } as const;
const busy = arrives.chain((arrival) => fc.array(fc.oneof(arrival, ends), arrivals));
const busyForLong = arrives.chain((arrival) =>
  fc.array(
    fc.oneof({ weight: 4, arbitrary: arrival }, { weight: 4, arbitrary: ends }, { weight: 1, arbitrary: passes }),
    arrivals,
  ),
);
const slots = fc.integer({ min: 1, max: 4 });

describe('whose turn it is', () => {
  test('an aged session goes before all, and else none waits of a higher class than the chosen one', () =>
    forAll(busyForLong, ({ chosen, passedOver }) => {
      if (chosen.aged) return;
      expect(passedOver.filter(({ aged }) => aged)).toEqual([]);
      expect(passedOver.filter(({ rank }) => rank < chosen.rank)).toEqual([]);
    }));

  test('nobody who waits is overtaken more than ten times', () =>
    forAll(busyForLong, ({ passedOver }) => {
      expect(Math.max(0, ...passedOver.map(({ overtaken }) => overtaken))).toBeLessThanOrEqual(MAX_OVERTAKEN);
    }));

  test('while a session waits, no other that has not aged is given two turns of the same or a lower class', () =>
    forAll(busy, ({ chosen, passedOver }, earlier) => {
      if (chosen.aged) return;
      for (const { rank, since } of passedOver) {
        if (rank > chosen.rank) continue;
        expect(earlier.slice(since).map((decision) => decision.chosen.workspace)).not.toContain(chosen.workspace);
      }
    }));

  test('in any stretch in which two sessions wait with one class and none ages, their turns differ by one at most', () =>
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 60 }), (sessions, turns) => {
        const names = SESSIONS.slice(0, sessions);
        const steps = names.flatMap((workspace): Step[] =>
          Array.from({ length: turns + 1 }, () => ({ kind: 'arrives', workspace, priority: 'normal' })),
        );
        const given = new Map<string, number>(names.map((name) => [name, 0]));
        const decisions = run([...steps, ...Array.from({ length: turns }, (): Step => ({ kind: 'ends', nth: 0 }))], 1);
        expect(decisions).toHaveLength(turns + 1);
        for (const { chosen } of decisions) {
          given.set(chosen.workspace, (given.get(chosen.workspace) ?? 0) + 1);
          expect(Math.max(...given.values()) - Math.min(...given.values())).toBeLessThanOrEqual(1);
        }
      }),
    ));
});

function forAll(steps: fc.Arbitrary<Step[]>, check: (decision: Decision, earlier: readonly Decision[]) => void): void {
  fc.assert(
    fc.property(steps, slots, (some, count) => {
      const decisions = run(some, count);
      decisions.forEach((decision, at) => check(decision, decisions.slice(0, at)));
    }),
    { numRuns: 300 },
  );
}

interface Queued {
  readonly rank: number;
  readonly createdAt: number;
}

/** Plays the steps with so many slots for turns; gives every turn as soon as there is a slot. */
function run(steps: readonly Step[], slotCount: number): readonly Decision[] {
  const order = createTurnOrder();
  const queues = new Map<string, Queued[]>(SESSIONS.map((workspace) => [workspace, []]));
  const waits = new Map<string, { since: number; number: number; overtaken: number }>();
  const running: string[] = [];
  const decisions: Decision[] = [];
  let now = 0;
  let began = 0;

  const queueOf = (workspace: string): Queued[] => queues.get(workspace) ?? [];

  function ask(workspace: string): void {
    if (running.includes(workspace) || queueOf(workspace).length === 0) return;
    order.ask(workspace, 'claude');
    if (!waits.has(workspace)) waits.set(workspace, { since: decisions.length, number: (began += 1), overtaken: 0 });
  }

  function see(workspace: string): Seen {
    const head = toHead(queueOf(workspace));
    const { since = 0, overtaken = 0 } = waits.get(workspace) ?? {};
    const aged = overtaken >= MAX_OVERTAKEN || (head !== null && head.agedAt <= now);
    return { workspace, rank: PRIORITIES.indexOf(head?.priority ?? 'background'), aged, since, overtaken };
  }

  function give(): void {
    while (running.length < slotCount) {
      const may = ({ workspace }: Waiter): boolean => !running.includes(workspace);
      for (const waiter of order.unread(may)) order.note(waiter, toHead(queueOf(waiter.workspace)));
      const next = order.next(now, may);
      // No slot stays free while somebody waits.
      if (next === null) return expect([...waits.keys()]).toEqual([]);
      const chosen = see(next.workspace);
      const number = waits.get(next.workspace)?.number ?? 0;
      waits.delete(next.workspace);
      const passedOver = [...waits].map(([workspace, wait]): Seen => {
        const before = see(workspace);
        if (wait.number < number) wait.overtaken += 1;
        return { ...before, overtaken: wait.overtaken };
      });
      decisions.push({ chosen, passedOver });
      takeHead(queueOf(next.workspace), now);
      order.served(next.workspace);
      running.push(next.workspace);
    }
  }

  for (const step of steps) {
    if (step.kind === 'passes') now += step.ms;
    if (step.kind === 'arrives') {
      queueOf(step.workspace).push({ rank: PRIORITIES.indexOf(step.priority), createdAt: now });
      ask(step.workspace);
    }
    if (step.kind === 'ends' && running.length > 0) {
      const [ended] = running.splice(step.nth % running.length, 1);
      if (ended !== undefined) ask(ended);
    }
    give();
  }
  return decisions;
}

function toHead(queue: readonly Queued[]): QueueHead | null {
  const [oldest] = queue;
  const priority = PRIORITIES[Math.min(...queue.map(({ rank }) => rank))];
  return oldest === undefined || priority === undefined ? null : { priority, agedAt: oldest.createdAt + MAX_WAIT_MS };
}

function takeHead(queue: Queued[], now: number): void {
  const [oldest] = queue;
  const isAged = oldest !== undefined && oldest.createdAt + MAX_WAIT_MS <= now;
  const highest = Math.min(...queue.map(({ rank }) => rank));
  queue.splice(isAged ? 0 : queue.findIndex(({ rank }) => rank === highest), 1);
}
