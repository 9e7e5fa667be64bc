import { describe, expect, test } from '@jest/globals';
import { createElapsed, type Elapsed } from '../../../../../src/core/flows/outbox/elapsed.ts';
import type { DueDelivery } from '../../../../../src/core/ports/transport.ts';
import { createFakeClock, type FakeClock } from '../../../../helpers/fake-clock.ts';
import { untilInterrupted } from '../../../../helpers/fake-driver.ts';
import { createMemoryTransport, type MemoryTransport } from '../../../../helpers/memory-transport.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';
import { type House, openHouse } from '../house.ts';

interface Bench {
  readonly elapsed: Elapsed;
  readonly clock: FakeClock;
  /** What was owed anew, and when (seconds). */
  readonly retold: readonly (readonly [string | null, number])[];
  /** How the request of this id gets on has just been told. */
  tell(id: string, more?: Partial<DueDelivery>): void;
  failNext(): void;
}

function openBench(): Bench {
  const clock = createFakeClock(0);
  const retold: (readonly [string | null, number])[] = [];
  let isFailing = false;
  const store = {
    async retellProgress(id: string | null, at: number) {
      retold.push([id, at / 1_000]);
      if (!isFailing) return;
      isFailing = false;
      throw new Error('the disk is full');
    },
  };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  // The rest of both is not asked.
  const parts = { store, clock, log } as unknown as Parameters<typeof createElapsed>[0];
  const elapsed = createElapsed(parts);
  return {
    elapsed,
    clock,
    retold,
    tell(id, more = {}) {
      const request = { id, state: 'running', startedAt: 0 };
      elapsed.told({ kind: 'progress', request, ...more } as DueDelivery);
    },
    failNext: () => void (isFailing = true),
  };
}

describe('the time of a running turn', () => {
  test('goes on by itself, the more seldom the longer it runs', () => {
    const { clock, retold, tell } = openBench();
    while (retold.length < 30) {
      const before = retold.length;
      tell('a');
      while (retold.length === before) clock.advance(1_000);
    }
    const times = retold.map(([, at]) => at);
    const gaps = times.map((at, index) => at - (times[index - 1] ?? 0));
    expect(gaps.slice(0, 4)).toEqual([15, 15, 15, 15]);
    // The steps of this clock are seconds.
    for (const [at, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual((gaps[at - 1] ?? 0) - 1);
    expect(gaps.at(-1)).toBe(60);
  });

  test('is counted from what was told last', () => {
    const { clock, retold, tell } = openBench();
    tell('a');
    clock.advance(14_000);
    tell('a');
    clock.advance(14_000);
    expect(retold).toEqual([]);
    clock.advance(1_000);
    expect(retold).toEqual([['a', 29]]);
  });

  test.each<[string, Partial<DueDelivery>]>([
    ['an answer', { kind: 'answer' }],
    ['a request that waits', { request: { id: 'a', state: 'queued', startedAt: null } as DueDelivery['request'] }],
    ['a request that has ended', { request: { id: 'a', state: 'failed', startedAt: 0 } as DueDelivery['request'] }],
    ['no request', { request: null }],
  ])('is not told of %s', (_name, more) => {
    const { clock, tell } = openBench();
    tell('a', more);
    expect(clock.pending()).toBe(0);
  });

  test('is told again soon when the disk refuses', async () => {
    const { elapsed, clock, retold, tell, failNext } = openBench();
    tell('a');
    failNext();
    clock.advance(15_000);
    await until(() => clock.pending() > 0);
    clock.advance(5_000);
    expect(retold).toEqual([
      ['a', 15],
      ['a', 20],
    ]);
    await elapsed.stop();
  });

  test('stands still at a stop', async () => {
    const { elapsed, clock, tell } = openBench();
    tell('a');
    await elapsed.stop();
    tell('b');
    expect(clock.pending()).toBe(0);
  });
});

const TO = 'telegram:-100:7';

describe('in a thread', () => {
  const told = ({ taken }: MemoryTransport): number => taken.filter(({ kind }) => kind === 'progress').length;

  function openThread(folder: string): { house: Promise<House>; transport: MemoryTransport } {
    const transport = createMemoryTransport({}, 'telegram');
    transport.answer(() => ({ kind: 'sent', messages: ['the message'] }));
    const runTurn = (_prompt: string, _observer: unknown, signal: AbortSignal) => untilInterrupted(signal);
    return { transport, house: openHouse({ folder, transports: new Map([['telegram', transport]]), runTurn }) };
  }

  test('the one message is changed, until the turn ends', async () => {
    using folder = createTempFolder();
    const { house: opening, transport } = openThread(folder.path);
    await using house = await opening;
    await house.start();
    const id = await house.ask('demo', 'hi', { replyTo: TO });
    await house.reached(id, 'preparing');
    const goesOn = async (count: number): Promise<void> => {
      await until(() => {
        house.clock.advance(1_000);
        return told(transport) >= count;
      });
    };
    await goesOn(5);
    expect(transport.taken.at(-1)).toMatchObject({ kind: 'progress', earlier: ['the message'] });
    await house.api.requests.cancel(id);
    await house.ended(id);
    await until(async () => (await house.store.countOwed()) === 0);
    const atEnd = told(transport);
    house.clock.advance(600_000);
    expect([told(transport), await house.store.countOwed()]).toEqual([atEnd, 0]);
  });
});
