import { describe, expect, test } from '@jest/globals';
import { createRecentEvents } from '../../../../../src/core/flows/events/recent-events.ts';
import type { EventRecord } from '../../../../../src/core/model/event.ts';

const toEvent = (seq: number): EventRecord => ({
  seq,
  type: 'agent.woken',
  requestId: null,
  workspace: 'demo',
  at: 0,
  data: {},
});

/** Numbers have gaps: a write that failed may have used one. */
const batch = (...seqs: readonly number[]): readonly EventRecord[] => seqs.map(toEvent);

describe('the events at the end of the log', () => {
  test('are told from any number on that is not before the first one held', () => {
    const recent = createRecentEvents();
    recent.restart(10);
    recent.add(batch(11, 13));
    recent.add(batch(14));
    expect(recent.head()).toBe(14);
    expect([10, 12, 14, 20].map((after) => recent.behind(after)?.map(({ seq }) => seq))).toEqual([
      [11, 13, 14],
      [13, 14],
      [],
      [],
    ]);
    expect(recent.behind(9)).toBeNull();
  });

  test('are the last thousand: who is farther back reads the disk', () => {
    const recent = createRecentEvents();
    recent.restart(0);
    recent.add(Array.from({ length: 1_002 }, (_, at) => toEvent(at + 1)));
    expect(recent.behind(1)).toBeNull();
    expect(recent.behind(2)).toHaveLength(1_000);
  });

  test('are forgotten at a restart', () => {
    const recent = createRecentEvents();
    recent.add(batch(1, 2));
    recent.restart(7);
    expect(recent.head()).toBe(7);
    expect([recent.behind(6), recent.behind(7)]).toEqual([null, []]);
  });
});
