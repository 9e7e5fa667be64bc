import { describe, expect, test } from '@jest/globals';
import { BUILT_IN_PRICES } from '../../../../../src/agents/program/prices/built-in.ts';
import type { PriceTable } from '../../../../../src/agents/program/prices/price-table.ts';
import { reckon, type Charge } from '../../../../../src/agents/program/prices/reckon.ts';

const RATE = { input: 1, output: 5, cacheRead: 0.1, cacheWrite5m: 1.25, cacheWrite1h: 2 };
const LONG = { above: 100, input: 10, output: 50, cacheRead: 1, cacheWrite5m: 12.5, cacheWrite1h: 20 };
const PRICES: PriceTable = {
  geo: { us: 1.1 },
  models: { a: { ...RATE, webSearch: 0.01, fast: { ...RATE, input: 3 }, longPrompt: LONG }, b: RATE },
};

const charge = (fields: Partial<Charge>): Charge => ({
  model: 'a',
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  webSearches: 0,
  isFast: false,
  geo: null,
  isSplit: false,
  isPartial: false,
  ...fields,
});
const costOf = (...charges: readonly Partial<Charge>[]) => reckon(PRICES, charges.map(charge))[0]?.costMicroUsd;

describe('what answers cost', () => {
  test('is told for each kind of token, a cache that lasts an hour apart', () => {
    const tokens = { inputTokens: 10, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 40 };
    expect(costOf({ ...tokens, cacheWrite1hTokens: 8 })).toBe(10 + 100 + 3 + 32 * 1.25 + 16);
  });

  test('is rounded once for a turn and a model', () => {
    expect(costOf({ cacheReadTokens: 4 }, { cacheReadTokens: 4 }, { cacheReadTokens: 4 })).toBe(1);
  });

  test('is another one for fast answers, long prompts and places, and for searches', () => {
    expect(costOf({ inputTokens: 10, isFast: true })).toBe(30);
    expect(costOf({ inputTokens: 100 })).toBe(100);
    expect(costOf({ inputTokens: 1, cacheReadTokens: 100 })).toBe(110);
    expect(costOf({ inputTokens: 100, geo: 'us', webSearches: 2 })).toBe(110 + 20_000);
    expect(costOf({ inputTokens: 100, geo: 'elsewhere' })).toBe(100);
  });

  test.each<[string, Partial<Charge>]>([
    ['of a model that the table has not', { model: 'c', inputTokens: 1 }],
    ['of a fast answer without a price', { model: 'b', isFast: true }],
    ['of a search without a price', { model: 'b', webSearches: 1 }],
    ['of several prompts of which one may be long', { inputTokens: 101, isSplit: true }],
    ['of an answer whose end was not told', { isPartial: true, inputTokens: 1 }],
  ])('is unknown %s, with its tokens', (_what, fields) => {
    const [usage] = reckon(PRICES, [charge({ ...fields, outputTokens: 7 }), charge({ ...fields, outputTokens: 1 })]);
    expect(usage).toMatchObject({ outputTokens: 8, costMicroUsd: null });
  });

  test('is told model by model', () => {
    const models = reckon(PRICES, [charge({ inputTokens: 2 }), charge({ model: 'b', inputTokens: 3 })]);
    expect(models.map(({ model, costMicroUsd }) => [model, costMicroUsd])).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
  });

  test.each([
    'claude-sonnet-4-5',
    'claude-sonnet-4-5-20250929',
    'claude-sonnet-4-5-20250929[1m]',
    'claude-sonnet-4-5[1m]',
  ])('is known of %s', (model) => {
    expect(reckon(BUILT_IN_PRICES, [charge({ model, inputTokens: 1_000_000 })])).toMatchObject([
      { model, costMicroUsd: 3_000_000 },
    ]);
  });

  test('is no guess by a name that is like another one', () => {
    for (const model of ['claude-sonnet-4-5-2025', 'claude-sonnet', 'constructor', 'us.anthropic.claude-sonnet-4-5'])
      expect(reckon(BUILT_IN_PRICES, [charge({ model, inputTokens: 1 })])).toMatchObject([{ costMicroUsd: null }]);
  });
});
