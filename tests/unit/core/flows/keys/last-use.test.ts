import { expect, test } from '@jest/globals';
import type { KeyRecord } from '../../../../../src/core/model/keys/key.ts';
import type { KeyStore } from '../../../../../src/core/ports/keys/key-store.ts';
import { createKeys } from '../../../../../src/core/flows/keys/keys.ts';
import { createFakeClock } from '../../../../helpers/fake-clock.ts';
import { createMemoryLog } from '../../../../helpers/http-server.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

function openKeys() {
  const clock = createFakeClock();
  const noted: number[] = [];
  const store = { touchKey: async (_id: string, at: number) => void noted.push(at) } as unknown as KeyStore;
  const ids = { apiKey: () => ({ id: 'a', key: 'x', sha256: '' }) } as unknown as Parameters<
    typeof createKeys
  >[0]['ids'];
  const keys = createKeys({ store, clock, ids, log: createMemoryLog([]) });
  return { clock, noted, use: (lastUsedAt: number | null) => keys.used({ id: 'a', lastUsedAt } as KeyRecord) };
}

test.each([HOUR_MS, 0, -HOUR_MS])('is noted once a minute where the clock is set by %d ms', (byMs) => {
  const { clock, noted, use } = openKeys();
  use(null);
  clock.set(byMs);
  clock.advance(MINUTE_MS - 1);
  use(noted.at(-1) ?? null);
  expect(noted).toHaveLength(1);
  clock.advance(1);
  use(noted.at(-1) ?? null);
  expect(noted).toEqual([expect.any(Number), clock.now()]);
});

test.each([
  ['before', -HOUR_MS, 1],
  ['just now', -1, 0],
  ['in a time that is yet to come, by a clock that was set back since', HOUR_MS, 1],
])('by another process %s', (_when, byMs, times) => {
  const { clock, noted, use } = openKeys();
  use(clock.now() + byMs);
  expect(noted).toHaveLength(times);
});
