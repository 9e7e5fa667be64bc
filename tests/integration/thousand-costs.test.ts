import { expect, test } from '@jest/globals';
import { parseLine } from '../../src/agents/claude-print/stream/line.ts';
import { createMeter } from '../../src/agents/claude-print/stream/usage.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { aRequest, COMPLETED, enqueue, mustClaim, T0, withStore } from '../contract/store-fixtures.ts';

const MESSAGES = 1_000;

/** What the CLI adds up: parts of a cent as floats. */
function costsOf(message: number): Readonly<Record<string, number>> {
  const [input, read] = [(message * 7_919) % 50_000, (message * 104_729) % 900_000];
  return { one: (input / 1e6) * 4 + (read / 1e6) * 0.2, ...(message % 3 === 0 && { other: (input / 1e6) * 0.1 }) };
}

const toTold = (costs: Readonly<Record<string, number>>): object =>
  Object.fromEntries(Object.entries(costs).map(([model, costUSD]) => [model, { inputTokens: 1, costUSD }]));

test.each(['each for itself', 'as sums of its process'])('costs of 1,000 messages, told %s, come to the cent', (how) =>
  withStore(openSqliteStore, async ({ store }) => {
    const meter = createMeter({ geo: {}, models: {} });
    const sums: Record<string, number> = {};
    for (let message = 1; message <= MESSAGES; message += 1) {
      const costs = costsOf(message);
      for (const [model, cost] of Object.entries(costs)) sums[model] = (sums[model] ?? 0) + cost;
      const own = how === 'each for itself' ? { model_usage_since_last_result: toTold(costs) } : {};
      const line = parseLine(JSON.stringify({ type: 'result', num_turns: 1, modelUsage: toTold(sums), ...own }));
      if (line.kind !== 'result') throw new Error(line.kind);
      await enqueue(store, aRequest(`r${message}`));
      await store.end(await mustClaim(store), { ...COMPLETED, usage: meter.read(line.result) }, T0);
    }
    const total = Object.values(sums).reduce((all, sum) => all + sum, 0);
    const { costMicroUsd, requests, unpriced } = await store.sumSpent({ from: 0, to: T0 * 2 });
    expect({ requests, unpriced }).toEqual({ requests: MESSAGES, unpriced: 0 });
    expect(Math.round(costMicroUsd / 1e4)).toBe(Math.round(total * 100));
    // Each rounding is of half a millionth at most.
    expect(Math.abs(costMicroUsd - total * 1e6)).toBeLessThanOrEqual(how === 'each for itself' ? MESSAGES : 1);
  }),
);
