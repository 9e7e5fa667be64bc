import { expect, test } from '@jest/globals';
import { ANYBODY } from '../../../../src/http/door/caller.ts';
import { createTickets } from '../../../../src/http/door/tickets.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';

const HOUR_MS = 3_600_000;

test.each([HOUR_MS, 0, -HOUR_MS])('a ticket lasts for half a minute where the clock is set by %d ms', (byMs) => {
  const clock = createFakeClock();
  const tickets = createTickets(clock);
  const [early, late] = [tickets.issue(ANYBODY), tickets.issue(ANYBODY)];
  expect(early.expiresAt).toBe(clock.now() + 30_000);
  clock.set(byMs);
  clock.advance(29_999);
  expect(tickets.use(early.ticket)).toBe(ANYBODY);
  clock.advance(1);
  expect(tickets.use(late.ticket)).toBeNull();
});
