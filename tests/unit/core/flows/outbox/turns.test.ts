import { describe, expect, test } from '@jest/globals';
import { createPosts } from '../../../../../src/core/flows/outbox/posts.ts';
import { createTurns } from '../../../../../src/core/flows/outbox/turns.ts';
import { createFakeClock } from '../../../../helpers/fake-clock.ts';
import { createMemoryTransport } from '../../../../helpers/memory-transport.ts';

const NEVER = AbortSignal.any([]);

/** One message in ten minutes, which is spent already. */
function openTurns() {
  const clock = createFakeClock();
  const transport = createMemoryTransport({ budgets: [{ keyOf: (address) => address, count: 1, perMs: 600_000 }] });
  const posts = createPosts({ clock, transports: new Map([['memory', transport]]) });
  return { clock, turns: createTurns(clock, posts) };
}

describe('a reply', () => {
  test('is a message, too: it waits for its turn at the pace of its network', async () => {
    const { clock, turns } = openTurns();
    expect(await turns.turn('memory:a', NEVER)).toBe(true);
    expect(await turns.turn('memory:b', NEVER)).toBe(true);
    const second = turns.turn('memory:a', NEVER);
    clock.advance(60_000);
    expect(await second).toBe(false);
    expect(clock.pending()).toBe(1);
  });

  test('is not said where five wait already, nor when its listener closes', async () => {
    const { turns } = openTurns();
    await turns.turn('memory:a', NEVER);
    const closing = new AbortController();
    const waiting = Array.from({ length: 5 }, () => turns.turn('memory:a', closing.signal));
    expect(await turns.turn('memory:a', NEVER)).toBe(false);
    closing.abort();
    expect(await Promise.all(waiting)).toEqual([false, false, false, false, false]);
  });
});
