import { describe, expect, test } from '@jest/globals';
import { createGate, type Gate } from '../../../../../../src/core/flows/outbox/gate/gate.ts';
import type { Ward } from '../../../../../../src/core/flows/outbox/gate/places.ts';
import type { TransportPolicy } from '../../../../../../src/core/ports/transport.ts';
import { createFakeClock, type FakeClock } from '../../../../../helpers/fake-clock.ts';

const minute = (keyOf: (address: string) => string, count: number) => ({ keyOf, count, perMs: 60_000 });
const groupOf = (address: string): string => address.split('/')[0] ?? '';

interface Bench {
  readonly gate: Gate;
  readonly clock: FakeClock;
  /** In the order in which they were let in. */
  readonly inside: readonly string[];
  ask(address: string, rank?: 0 | 1 | 2, ward?: Ward): Promise<(() => void) | null>;
}

function openGate(policy: Partial<TransportPolicy>): Bench {
  const clock = createFakeClock();
  const gate = createGate(clock, { concurrency: 100, budgets: [], ...policy });
  const inside: string[] = [];
  return {
    gate,
    clock,
    inside,
    async ask(address, rank: 0 | 1 | 2 = 0, ward = 'living') {
      const leave = await gate.enter({ address, rank, ward });
      if (leave !== null) inside.push(address);
      return leave;
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a gate', () => {
  test('lets in so many at once, and the next one when one leaves', async () => {
    const { ask, inside } = openGate({ concurrency: 2 });
    const first = await ask('a');
    void ask('b');
    void ask('c');
    await settled();
    expect(inside).toEqual(['a', 'b']);
    first?.();
    await settled();
    expect(inside).toEqual(['a', 'b', 'c']);
  });

  test('has other places for those that failed last', async () => {
    const { ask, inside } = openGate({ concurrency: 1 });
    void ask('dead', 0, 'failing');
    void ask('deader', 0, 'failing');
    void ask('living');
    await settled();
    expect(inside).toEqual(['dead', 'living']);
  });

  test('has other places for those that nobody knows yet', async () => {
    const { ask, inside } = openGate({ concurrency: 1 });
    void ask('stranger', 0, 'new');
    void ask('another', 0, 'new');
    void ask('living');
    await settled();
    expect(inside).toEqual(['stranger', 'living']);
  });

  test('gives the place of one that takes long to the next', async () => {
    const { ask, clock, inside } = openGate({ concurrency: 1 });
    const slow = await ask('slow');
    void ask('next');
    clock.advance(499);
    await settled();
    expect(inside).toEqual(['slow']);
    clock.advance(1);
    await settled();
    expect(inside).toEqual(['slow', 'next']);
    slow?.();
    void ask('third');
    await settled();
    expect(inside).toEqual(['slow', 'next']);
  });

  test('gives up no more places to slow ones than four times those of a ward', async () => {
    const { ask, clock, inside } = openGate({ concurrency: 1 });
    for (let at = 1; at <= 7; at += 1) {
      void ask(`silent ${at}`);
      clock.advance(500);
      await settled();
    }
    expect(inside).toHaveLength(5);
  });

  test.each([3_600_000, -3_600_000])(
    'keeps its budgets and holds by time that passes: the clock is set by %d ms',
    async (byMs) => {
      const budgets = [minute((address) => address, 1)];
      const { ask, clock, inside, gate } = openGate({ budgets, holdOf: groupOf });
      await ask('spent');
      gate.hold('held', 60_000);
      clock.set(byMs);
      void ask('spent');
      void ask('held');
      clock.advance(59_999);
      await settled();
      expect(inside).toEqual(['spent']);
      clock.advance(1);
      await settled();
      expect(inside).toEqual(['spent', 'spent', 'held']);
    },
  );

  test('lets an address go first that has something more urgent by now', async () => {
    const { ask, inside, gate } = openGate({ concurrency: 1 });
    const leave = await ask('a');
    for (const address of ['b', 'c', 'd']) void ask(address, 2);
    gate.hurry('d', 0);
    gate.hurry('c', 1);
    expect([gate.isAsked('d'), gate.isAsked('a')]).toEqual([true, false]);
    leave?.();
    await settled();
    expect(inside).toEqual(['a', 'd']);
  });

  test('lets answers in before progress that asked sooner', async () => {
    const { ask, inside } = openGate({ concurrency: 1 });
    const leave = await ask('a');
    void ask('progress', 1);
    void ask('answer', 0);
    leave?.();
    await settled();
    expect(inside).toEqual(['a', 'answer']);
  });

  test('keeps the budget of a group, and lets others by meanwhile', async () => {
    const { ask, clock, inside } = openGate({ budgets: [minute(groupOf, 2)] });
    for (const address of ['g/1', 'g/2', 'g/3', 'h/1']) void ask(address);
    await settled();
    expect(inside).toEqual(['g/1', 'g/2', 'h/1']);
    clock.advance(59_999);
    await settled();
    expect(inside).toHaveLength(3);
    clock.advance(1);
    await settled();
    expect(inside).toEqual(['g/1', 'g/2', 'h/1', 'g/3']);
  });

  test('lets those that share a budget in as they came, whatever is known of them', async () => {
    const { ask, clock, inside } = openGate({ budgets: [minute(groupOf, 1)] });
    void ask('g/known');
    void ask('g/new', 0, 'new');
    void ask('g/failed', 0, 'failing');
    void ask('g/known');
    for (let waited = 0; waited < 4; waited += 1) {
      await settled();
      clock.advance(60_000);
    }
    await settled();
    expect(inside).toEqual(['g/known', 'g/new', 'g/failed', 'g/known']);
  });

  test('keeps every budget at once: of all, of a group, of a lane', async () => {
    const budgets = [minute(() => '', 3), minute(groupOf, 2), minute((address) => address, 1)];
    const { ask, inside } = openGate({ budgets });
    for (const address of ['g/1', 'g/1', 'g/2', 'g/3', 'h/1', 'i/1']) void ask(address);
    await settled();
    expect(inside).toEqual(['g/1', 'g/2', 'h/1']);
  });

  test('keeps a part of a budget for decisions, and another for what is to be read', async () => {
    const { ask, clock, inside } = openGate({ budgets: [{ ...minute(() => '', 4), keep: [2, 1] }] });
    for (const rank of [2, 2, 1, 1, 0, 0, 0] as const) void ask(`${rank}`, rank);
    await settled();
    expect(inside).toEqual(['2', '1', '0', '0']);
    clock.advance(60_000);
    await settled();
    expect(inside.slice(4)).toEqual(['0', '1', '2']);
  });

  test('gives decisions no less for what was told before, and the rest no less for decisions', async () => {
    const { ask, inside } = openGate({ budgets: [{ ...minute(() => '', 4), keep: [2, 0] }] });
    for (const rank of [0, 0, 1, 1, 0] as const) void ask(`${rank}`, rank);
    await settled();
    expect(inside).toEqual(['0', '0', '1', '1']);
  });

  test('holds those that wait together as long as one of them was asked to, and nobody else', async () => {
    const { ask, clock, gate, inside } = openGate({ holdOf: groupOf });
    gate.hold('g/1', 5_000);
    for (const address of ['g/1', 'g/2', 'h/1']) void ask(address);
    await settled();
    expect(inside).toEqual(['h/1']);
    clock.advance(5_000);
    await settled();
    expect(inside).toEqual(['h/1', 'g/1', 'g/2']);
  });

  test('forgets who does not wait any more, and takes nothing of the budget for them', async () => {
    const { gate, ask, clock, inside } = openGate({ budgets: [minute(() => '', 1)] });
    const gone = new AbortController();
    void ask('a');
    const waiting = gate.enter({ address: 'b', rank: 0, ward: 'living', signal: gone.signal });
    void ask('c');
    gone.abort();
    expect(await waiting).toBeNull();
    clock.advance(60_000);
    await settled();
    expect(inside).toEqual(['a', 'c']);
    expect(await gate.enter({ address: 'd', rank: 0, ward: 'living', signal: gone.signal })).toBeNull();
  });

  test('lets nobody in once it is closed, and says so to those who wait', async () => {
    const { ask, clock, gate, inside } = openGate({ budgets: [minute(() => '', 1)] });
    void ask('a');
    const waiting = ask('b');
    await settled();
    gate.close();
    expect(await waiting).toBeNull();
    expect(await ask('c')).toBeNull();
    expect([inside, clock.pending()]).toEqual([['a'], 0]);
  });
});
