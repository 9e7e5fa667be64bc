import { describe, expect, test } from '@jest/globals';
import { toAttachedAt, toLastKeyAt, toLastTypedAt, type Client } from '../../../../src/agents/tmux/clients.ts';

const person = (created: number, activity: number): Client => ({ readOnly: false, created, activity });
const watcher = (created: number, activity: number): Client => ({ readOnly: true, created, activity });
/** In seconds; the session began at 100. */
const lastKey = (clients: readonly Client[], activity: number): number | null =>
  toLastKeyAt(clients, { created: 100, activity });

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

  test('is known of one who attached before the clock was set back', () => {
    expect(lastKey([person(3_800, 250)], 250)).toBe(250_000);
  });

  test('is that of one who has left since', () => {
    expect(lastKey([], 300)).toBe(300_000);
    expect(lastKey([person(200, 250), watcher(200, 200)], 300)).toBe(300_000);
  });
});

test('whoever attached just now may have pressed a key in that very second', () => {
  expect(toAttachedAt([person(998, 998), watcher(999, 999)], 1_000_000)).toBe(998_000);
  expect(toAttachedAt([person(997, 997)], 1_000_000)).toBeNull();
  // The clock was set back since.
  expect(toAttachedAt([person(1_500, 1_500)], 1_000_000)).toBeNull();
});

test('whoever can type is typing with the last key, or with the attaching', () => {
  expect(toLastTypedAt([person(200, 200), watcher(1, 900)])).toBe(200_000);
  expect(toLastTypedAt([watcher(1, 900)])).toBeNull();
});
