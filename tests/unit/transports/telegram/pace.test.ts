import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPace, type Pace, type Urgency } from '../../../../src/transports/telegram/pace.ts';
import { PACES } from '../../../../src/transports/telegram/paces.ts';
import { createSpent } from '../../../../src/transports/telegram/spent.ts';

const GROUP = 'telegram:-1001';
const PERSON = 'telegram:42';

describe('the paces', () => {
  /** The instants at which so many messages go out that all want to go at once. */
  function play(count: number, addressOf: (at: number) => string): readonly number[] {
    const spent = createSpent(PACES);
    let now = 0;
    return Array.from({ length: count }, (_, at) => {
      const address = addressOf(at);
      while (spent.freeAt(address, now) > now) now = spent.freeAt(address, now);
      spent.spend(address, now);
      return now;
    });
  }

  test('let 20 messages a minute into a group, whatever its topics are', () => {
    const instants = play(60, (at) => `${GROUP}:${(at % 20) + 2}`);
    for (const instant of instants) {
      expect(instants.filter((other) => other >= instant && other < instant + 60_000).length).toBeLessThanOrEqual(20);
    }
    expect(instants.slice(0, 3)).toEqual([0, 3_100, 6_200]);
  });

  test('let a message into a private chat each 1.1 s', () => {
    expect(play(4, () => PERSON)).toEqual([0, 1_100, 2_200, 3_300]);
  });

  test('let 30 messages a second out in all', () => {
    const instants = play(60, (at) => `telegram:${at + 1}`);
    expect(instants.filter((instant) => instant < 1_000)).toHaveLength(30);
  });
});

describe('messages that wait', () => {
  let pace: Pace;
  beforeEach(() => {
    const chatOf = (address: string): string => address;
    pace = createPace({ budgets: [{ keyOf: chatOf, count: 1, perMs: 20 }], chatOf, now: () => performance.now() });
  });
  afterEach(() => pace.close());

  const wish = (address: string, urgency: Urgency = 'soon', forMs = 10_000) => ({
    address,
    urgency,
    until: performance.now() + forMs,
  });
  const never = new AbortController().signal;

  test('go in the order of their urgency, and else of their coming', async () => {
    const order: string[] = [];
    await pace.enter(wish('a'), never);
    const wishes = [
      ['progress', 'idle'],
      ['answer', 'soon'],
      ['approval', 'now'],
      ['another answer', 'soon'],
    ] as const;
    await Promise.all(
      wishes.map(async ([name, urgency]) => {
        await pace.enter(wish('a', urgency), never);
        order.push(name);
      }),
    );
    expect(order).toEqual(['approval', 'answer', 'another answer', 'progress']);
  });

  test('hold up no other chat', async () => {
    await pace.enter(wish('a'), never);
    const held = pace.enter(wish('a'), never);
    expect(await pace.enter(wish('b'), never)).toBeNull();
    expect(await held).toBeNull();
  });

  test('are sent back once their time is over', async () => {
    await pace.enter(wish('a'), never);
    expect(await pace.enter(wish('a', 'soon', 5), never)).toBe(1_000);
  });

  test('are sent back when the chat wants nothing', async () => {
    await pace.enter(wish('a'), never);
    const waiting = pace.enter(wish('a'), never);
    pace.hold('a', 60_000);
    expect(await waiting).toBeGreaterThan(59_000);
    expect(await pace.enter(wish('a'), never)).toBeGreaterThan(59_000);
  });

  test('leave when they are called off, and the next one has their turn', async () => {
    await pace.enter(wish('a'), never);
    const abort = new AbortController();
    const first = pace.enter(wish('a'), abort.signal);
    const second = pace.enter(wish('a'), never);
    abort.abort(new Error('cut'));
    await expect(first).rejects.toThrow('cut');
    expect(await second).toBeNull();
  });
});
