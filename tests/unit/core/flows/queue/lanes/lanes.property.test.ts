import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GatewayError } from '../../../../../../src/core/model/errors.ts';
import type { EventRecord } from '../../../../../../src/core/model/event.ts';
import { hasEnded, MAX_OVERTAKEN, PRIORITIES, type Priority } from '../../../../../../src/core/model/request.ts';
import type { Store } from '../../../../../../src/core/ports/store.ts';
import { answer } from '../../../../../helpers/fake-driver.ts';
import { openHouse, type House } from '../../house.ts';

const QUEUE_TIMEOUT_MS = 1_000;
const SESSIONS = ['a', 'b', 'c', 'd'] as const;
const priority = fc.constantFrom(...PRIORITIES);
const asked = fc.record({ workspace: fc.constantFrom(...SESSIONS), priority });
type Asked = { readonly workspace: string; readonly priority: Priority };

describe('the queues of all sessions', () => {
  test('give turns in the order of the rule in its plainest form, for any mix of sessions and classes', () =>
    fc.assert(
      fc.asyncProperty(fc.array(asked, { size: 'max', minLength: 1, maxLength: 50 }), async (all) => {
        await using house = await openHouse({ settings: { maxRunningTurns: 1, sessionQueueMax: 100 } });
        const ids = await Promise.all(all.map((one, n) => house.ask(one.workspace, `${n}`, one)));
        await house.start();
        await Promise.all(ids.map(house.ended));
        const started = (await house.store.listEvents(0, 10_000)).filter(({ type }) => type === 'request.started');
        expect(started.map(({ requestId }) => ids.indexOf(requestId ?? ''))).toEqual(toExpectedOrder(all));
      }),
      { numRuns: 15 },
    ));

  test('run those of one class and session in the order of their arrival, also with many slots', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(asked, { size: 'max', minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 4 }),
        async (all, maxRunningTurns) => {
          await using house = await openHouse({ settings: { maxRunningTurns, sessionQueueMax: 100 } });
          await house.start();
          const ids = await Promise.all(all.map((one, n) => house.ask(one.workspace, `${n}`, one)));
          await Promise.all(ids.map(house.ended));
          const startedAs = startsOf(await house.store.listEvents(0, 10_000));
          for (const workspace of SESSIONS) {
            for (const one of PRIORITIES) {
              const same = ids.filter((_, n) => all[n]?.workspace === workspace && all[n]?.priority === one);
              const places = same.map((id) => startedAs.get(id) ?? Number.NaN);
              expect(places).toEqual(places.toSorted((a, b) => a - b));
            }
          }
        },
      ),
      { numRuns: 10 },
    ));

  test('keep their limits under 24 submitters at once, and end each accepted request exactly once', () =>
    fc.assert(
      fc.asyncProperty(submitters, limits, async (work, settings) => {
        const most = { running: 0, queued: 0, ofOne: 0 };
        let runningNow = 0;
        await using house = await openHouse({
          settings: { ...settings, queueTimeoutMs: QUEUE_TIMEOUT_MS },
          wrapStore: (store) => watchQueues(store, most),
          async runTurn(prompt, observer) {
            most.running = Math.max(most.running, (runningNow += 1));
            const end = await answer(prompt, observer);
            runningNow -= 1;
            return end;
          },
        });
        await house.start();
        const accepted = (await Promise.all(work.map((steps, n) => submitAll(house, steps, n)))).flat();
        const ends = await Promise.all(accepted.map(house.ended));
        expect(most.running).toBeLessThanOrEqual(settings.maxRunningTurns);
        expect(most.queued).toBeLessThanOrEqual(settings.queueMax);
        expect(most.ofOne).toBeLessThanOrEqual(settings.sessionQueueMax);
        // The limits were reached, or they would prove nothing.
        expect(most).toMatchObject({ running: settings.maxRunningTurns, ofOne: settings.sessionQueueMax });

        const events = await house.store.listEvents(0, 100_000);
        const idsOf = (type: string): readonly string[] =>
          events.filter((event) => event.type === type).map((event) => event.requestId ?? '');
        expect(idsOf('request.queued').toSorted()).toEqual(accepted.toSorted());
        const ended = ['completed', 'cancelled', 'timed_out', 'failed'].flatMap((state) => idsOf(`request.${state}`));
        expect(ended.toSorted()).toEqual(accepted.toSorted());
        expect(ends.filter(({ state }) => !hasEnded(state))).toEqual([]);
        expect(await house.store.listUnended()).toEqual([]);
        const prompts = house.driver.sessions.flatMap((session) => session.prompts);
        expect(new Set(prompts).size).toBe(prompts.length);
        const completed = ends.filter(({ state }) => state === 'completed').map(({ prompt }) => prompt);
        expect(prompts).toEqual(expect.arrayContaining(completed));
      }),
      { numRuns: 8 },
    ));
});

type Deed = Asked & { readonly next: 'waits' | 'goes on' | 'cancels' | 'lets time pass' };

const deed = fc.record({
  workspace: fc.constantFrom(...SESSIONS),
  priority,
  next: fc.constantFrom(
    'waits' as const,
    'goes on' as const,
    'goes on' as const,
    'cancels' as const,
    'lets time pass' as const,
  ),
});
const submitters = fc.array(fc.array(deed, { size: 'max', minLength: 8, maxLength: 16 }), {
  minLength: 24,
  maxLength: 24,
});
const limits = fc.record({
  maxRunningTurns: fc.integer({ min: 1, max: 3 }),
  queueMax: fc.integer({ min: 6, max: 12 }),
  sessionQueueMax: fc.integer({ min: 1, max: 3 }),
});

/** The ids of what was accepted; a full queue refuses the rest. */
async function submitAll(house: House, deeds: readonly Deed[], submitter: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [n, { next, ...one }] of deeds.entries()) {
    const id = await house.ask(one.workspace, `${submitter}/${n}`, one).catch(throwUnlessFull);
    if (id === null) continue;
    ids.push(id);
    if (next === 'cancels') await house.api.requests.cancel(id);
    if (next === 'lets time pass') house.clock.advance(QUEUE_TIMEOUT_MS);
    if (next === 'waits') await house.ended(id);
  }
  return ids;
}

function throwUnlessFull(error: unknown): null {
  if (error instanceof GatewayError && error.code === 'queue_full') return null;
  throw error;
}

/** Looks at all queues and turns after each acceptance: only an acceptance makes a queue longer. */
function watchQueues(store: Store, most: { running: number; queued: number; ofOne: number }): Store {
  return {
    ...store,
    async accept(...args) {
      const acceptance = await store.accept(...args);
      const unended = await store.listUnended();
      const queued = unended.filter(({ state }) => state === 'queued');
      const lengths = SESSIONS.map((name) => queued.filter(({ workspace }) => workspace === name).length);
      most.running = Math.max(most.running, unended.length - queued.length);
      most.queued = Math.max(most.queued, queued.length);
      most.ofOne = Math.max(most.ofOne, ...lengths);
      return acceptance;
    },
  };
}

function startsOf(events: readonly EventRecord[]): ReadonlyMap<string | null, number> {
  return new Map(events.filter(({ type }) => type === 'request.started').map(({ requestId, seq }) => [requestId, seq]));
}

interface Model {
  readonly queue: { readonly n: number; readonly rank: number; overtaken: number }[];
  since: number;
  overtaken: number;
  lastTurn: number;
}

/** One slot, all asked before the first turn, and no time passes: counters at each session and at each request. */
function toExpectedOrder(all: readonly Asked[]): readonly number[] {
  const sessions = new Map<string, Model>();
  let began = 0;
  for (const [n, one] of all.entries()) {
    const session = sessions.get(one.workspace) ?? { queue: [], since: (began += 1), overtaken: 0, lastTurn: 0 };
    session.queue.push({ n, rank: PRIORITIES.indexOf(one.priority), overtaken: 0 });
    sessions.set(one.workspace, session);
  }
  const order: number[] = [];
  while (order.length < all.length) {
    const waiting = [...sessions.values()].filter(({ queue }) => queue.length > 0);
    const aged = waiting.filter(
      ({ overtaken, queue }) => overtaken >= MAX_OVERTAKEN || (queue[0]?.overtaken ?? 0) >= MAX_OVERTAKEN,
    );
    const [first] =
      aged.length > 0
        ? aged.toSorted((a, b) => a.since - b.since)
        : waiting.toSorted((a, b) => rankOf(a) - rankOf(b) || a.lastTurn - b.lastTurn || a.since - b.since);
    if (first === undefined) break;
    for (const other of waiting) if (other.since < first.since) other.overtaken += 1;
    order.push(takeHead(first));
    Object.assign(first, { since: (began += 1), overtaken: 0, lastTurn: order.length });
  }
  return order;
}

const rankOf = ({ queue }: Model): number => Math.min(...queue.map(({ rank }) => rank));

function takeHead({ queue }: Model): number {
  const oldest = queue[0];
  const isAged = oldest !== undefined && oldest.overtaken >= MAX_OVERTAKEN;
  const highest = Math.min(...queue.map(({ rank }) => rank));
  const at = isAged ? 0 : queue.findIndex(({ rank }) => rank === highest);
  const [taken] = queue.splice(at, 1);
  for (const earlier of queue.slice(0, at)) earlier.overtaken += 1;
  return taken?.n ?? Number.NaN;
}
