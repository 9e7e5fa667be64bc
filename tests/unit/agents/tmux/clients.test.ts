import { describe, expect, test } from '@jest/globals';
import { toLastKeyAt, toLastTypedAt, type Client } from '../../../../src/agents/tmux/clients.ts';

const person = (created: number, activity: number): Client => ({ readOnly: false, created, activity });
const watcher = (created: number, activity: number): Client => ({ readOnly: true, created, activity });
/** In seconds; the session began at 100. */
const lastKey = (clients: readonly Client[], activity: number, now = 1_000): number | null =>
  toLastKeyAt(clients, { created: 100, activity }, now * 1_000);

describe('the last key of a person', () => {
  test('is that of the one who typed last', () => {
    expect(lastKey([person(200, 300), person(200, 310)], 310)).toBe(310_000);
  });

  test.each<readonly [string, readonly Client[], number]>([
    ['nobody was ever there', [], 100],
    ['somebody attached long ago, and only looked', [person(200, 200)], 200],
    ['somebody attached, which was noted a second later', [person(200, 200)], 201],
    ['somebody who may only watch pressed one', [watcher(200, 300)], 300],
    ['a session was made, which was noted a second later', [], 101],
  ])('is none where %s', (_who, clients, activity) => {
    expect(lastKey(clients, activity)).toBeNull();
  });

  test('is that of one who has left since', () => {
    expect(lastKey([], 300)).toBe(300_000);
    expect(lastKey([person(200, 250), watcher(200, 200)], 300)).toBe(300_000);
  });

  test('may be in the second of the attaching, for as long as that is now', () => {
    expect(lastKey([person(999, 999)], 999)).toBe(999_000);
    expect(lastKey([person(996, 996)], 996)).toBeNull();
  });
});

test('whoever can type is typing with the last key, or with the attaching', () => {
  expect(toLastTypedAt([person(200, 200), watcher(1, 900)])).toBe(200_000);
  expect(toLastTypedAt([watcher(1, 900)])).toBeNull();
});
