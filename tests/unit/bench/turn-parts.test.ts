import { expect, test } from '@jest/globals';
import { toParts } from '../../../bench/turn-parts.ts';

test('the parts of a turn are all of its time, without a gap', () => {
  const instants = new Map([
    ['request.queued', 1_002],
    ['request.started', 1_004],
    ['request.submitting', 1_020],
    ['request.working', 1_040],
    ['request.completed', 1_100],
  ]);
  const parts = toParts({ requestId: 'req-1', sentAt: 1_000.5, textAt: 1_104 }, instants);
  expect(parts).toEqual({ accept: 1.5, queue: 2, paste: 16, submit: 20, agent: 60, deliver: 4 });
});
