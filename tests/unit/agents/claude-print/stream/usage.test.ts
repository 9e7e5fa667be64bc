import { describe, expect, test } from '@jest/globals';
import { parseLine, type Result } from '../../../../../src/agents/claude-print/stream/line.ts';
import { createMeter } from '../../../../../src/agents/claude-print/stream/usage.ts';
import { addUsage } from '../../../../../src/core/model/usage/usage.ts';

const sum = (inputTokens: number, costUSD: number, outputTokens = 1): object => ({
  inputTokens,
  outputTokens,
  cacheReadInputTokens: 5,
  cacheCreationInputTokens: 0,
  costUSD,
});

const PRICES = { geo: {}, models: {} };

function resultOf(fields: object): Result {
  const line = parseLine(JSON.stringify({ type: 'result', num_turns: 1, result: 'x', ...fields }));
  if (line.kind !== 'result') throw new Error(line.kind);
  return line.result;
}

describe('what a result took', () => {
  test('is told by itself in newer versions, whatever the sums of the session are', () => {
    const meter = createMeter(PRICES);
    const since = { a: sum(3, 0.0027500000000000003), b: sum(2, 0.1) };
    const usage = meter.read(resultOf({ modelUsage: { a: sum(1_000, 9) }, model_usage_since_last_result: since }));
    expect(usage).toMatchObject({ inputTokens: 5, outputTokens: 2, cacheReadTokens: 10, costMicroUsd: 102_750 });
    expect(usage.models.map(({ model, costMicroUsd }) => [model, costMicroUsd])).toEqual([
      ['a', 2_750],
      ['b', 100_000],
    ]);
  });

  test('is the difference of two sums in others, and the first is the whole of it', () => {
    const meter = createMeter(PRICES);
    expect(meter.read(resultOf({ modelUsage: { a: sum(10, 0.01) } }))).toMatchObject({ inputTokens: 10 });
    const second = meter.read(resultOf({ modelUsage: { a: sum(12, 0.012, 4), b: sum(1, 0.5) } }));
    expect(second).toMatchObject({ inputTokens: 3, outputTokens: 4, costMicroUsd: 502_000 });
  });

  test('of a thousand results adds up to the last sum', () => {
    const meter = createMeter(PRICES);
    let all = 0;
    let usd = 0;
    for (let turn = 1; turn <= 1_000; turn += 1) {
      usd += 0.000_012_34 * turn;
      all += meter.read(resultOf({ modelUsage: { a: sum(turn, usd) } })).costMicroUsd ?? NaN;
    }
    expect(all).toBe(Math.round(usd * 1e6));
  });

  test('is no money where none is told, and no model where none was asked', () => {
    const { costUSD: _costUSD, ...unpriced } = sum(1, 0) as { readonly costUSD: number };
    expect(createMeter(PRICES).read(resultOf({ modelUsage: { a: unpriced } }))).toMatchObject({ costMicroUsd: null });
    const idle = { inputTokens: 0, outputTokens: 0, costUSD: 0 };
    expect(createMeter(PRICES).read(resultOf({ modelUsage: { a: idle } }))).toMatchObject({
      costMicroUsd: 0,
      models: [],
    });
  });

  test('of several is their sum for each model', () => {
    const meter = createMeter(PRICES);
    const one = meter.read(resultOf({ model_usage_since_last_result: { a: sum(1, 0.1) } }));
    const other = meter.read(resultOf({ model_usage_since_last_result: { a: sum(2, 0.2), b: sum(4, 0.4) } }));
    expect(addUsage(addUsage(null, one), other)).toMatchObject({
      inputTokens: 7,
      costMicroUsd: 700_000,
      models: [
        { model: 'a', inputTokens: 3, costMicroUsd: 300_000 },
        { model: 'b', inputTokens: 4 },
      ],
    });
  });
});
