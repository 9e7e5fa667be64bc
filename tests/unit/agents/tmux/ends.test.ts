import { describe, expect, test } from '@jest/globals';
import { createEnds } from '../../../../src/agents/tmux/ends.ts';
import { until } from '../../../helpers/until.ts';

/** A server whose sessions end when the test says so. */
function createServer(...sessions: readonly string[]) {
  const alive = new Set(sessions);
  let told = Promise.withResolvers<boolean>();
  let waiters = 0;
  const ends = createEnds({
    async nextEnd(signal) {
      waiters += 1;
      signal.addEventListener('abort', () => told.reject(signal.reason), { once: true });
      try {
        return await told.promise;
      } finally {
        waiters -= 1;
        told = Promise.withResolvers();
      }
    },
    listAlive: async () => alive,
  });
  const end = (session: string): void => {
    alive.delete(session);
    told.resolve(true);
  };
  return { ends, end, waiters: () => waiters };
}

describe('the ends of sessions', () => {
  test('are told to those who wait for them, by one waiting for all', async () => {
    const { ends, end, waiters } = createServer('a', 'b');
    const stop = new AbortController();
    const told: string[] = [];
    const waiting = ['a', 'a', 'b'].map((session) =>
      ends.mayHaveEnded(session, stop.signal).then(() => told.push(session)),
    );
    await until(() => waiters() === 1);
    end('a');
    await Promise.all(waiting.slice(0, 2));
    expect([told, waiters()]).toEqual([['a', 'a'], 1]);
    end('b');
    await waiting[2];
    await until(() => waiters() === 0);
  });

  test('are waited for no longer when nobody does', async () => {
    const { ends, waiters } = createServer('a');
    const stop = new AbortController();
    const waiting = ends.mayHaveEnded('a', stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => waiters() === 0);
  });
});
