import { expect, test } from '@jest/globals';
import { describeDetails } from '../../../../src/cli/shown/details.ts';

test.each([
  [{}, ''],
  [{ sessionsCount: 3 }, 'sessions count 3'],
  [{ total: 0, max: 10, live: 2 }, 'total 0, max 10, live 2'],
  [{ installed: true, credentials: false, warning: null, error: '' }, 'installed, no credentials'],
  [{ error: 'no space left, says the disk' }, 'error no space left, says the disk'],
  [{ today: { costUsd: 0.25, leftUsd: null, unpriced: 0 } }, 'today (cost usd 0.25, unpriced 0)'],
  [{ today: { leftUsd: null } }, 'today'],
  [
    {
      transports: [
        { name: 'webhook', failing: 0, paused: [] },
        { name: 'telegram', problems: ['no right to read', 'no topics'], failing: 2, paused: [{ to: '-100:7' }] },
      ],
      hookListener: true,
    },
    'transports webhook (failing 0); telegram (problems no right to read; no topics, failing 2, paused to -100:7), hook listener',
  ],
])('%j is said as %j', (details, said) => {
  expect(describeDetails(details)).toBe(said);
});
