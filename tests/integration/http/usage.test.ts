import { describe, expect, test } from '@jest/globals';
import { aRequest, COMPLETED, enqueue, mustClaim, T0 } from '../../contract/store-fixtures.ts';
import { withStreams } from './streams-house.ts';

describe('GET /usage', () => {
  test('shows what turns took in a span, by what is asked for', () =>
    withStreams(async (house) => {
      await enqueue(house.store, aRequest('a'));
      await house.store.end(await mustClaim(house.store), COMPLETED, T0 + 5);
      const response = await house.api.fetch(`/usage?by=workspace&from=${T0}&to=${T0 + 6}`);
      expect(response.status).toBe(200);
      const spent = {
        ...{ requests: 1, inputTokens: 12, outputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 0 },
        ...{ costMicroUsd: 30, unpriced: 0 },
      };
      expect(await response.json()).toEqual({
        ...{ by: 'workspace', from: T0, to: T0 + 6 },
        groups: [{ name: 'demo', ...spent }],
        total: spent,
      });
    }));

  test('is of the last thirty days, by day, unless told otherwise', () =>
    withStreams(async (house) => {
      const before = Date.now();
      const sums = (await (await house.api.fetch('/usage')).json()) as { by: string; from: number; to: number };
      expect(sums).toMatchObject({ by: 'day', groups: [], total: { requests: 0, costMicroUsd: 0 } });
      expect(sums.to).toBeGreaterThanOrEqual(before);
      expect(sums.to - sums.from).toBe(30 * 86_400_000);
    }));

  test.each([
    ['by=colour', 'by'],
    ['from=5&to=5', 'to'],
    ['from=-1', 'from'],
    ['to=1.5', 'to'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['since=1', 'since'],
  ])('%s is refused, naming %s', (query, field) =>
    withStreams(async (house) => {
      const response = await house.api.fetch(`/usage?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'invalid_field', field });
    }),
  );
});
