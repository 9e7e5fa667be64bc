import type { ModelUsage, Tokens } from '../../../core/model/usage/usage.ts';
import { findPrice, type ModelPrice, type PriceTable, type Rate } from './price-table.ts';

/** What one answer of a model took, as far as its price depends on it. */
export interface Charge extends Tokens {
  readonly model: string;
  /** Of the tokens that were written into the cache: those that it keeps for an hour. */
  readonly cacheWrite1hTokens: number;
  readonly webSearches: number;
  readonly isFast: boolean;
  /** Where it was reckoned; null when nobody says. */
  readonly geo: string | null;
  /** Several prompts stand behind it, and how long each was nobody says. */
  readonly isSplit: boolean;
  /** Not all that it took was told. */
  readonly isPartial: boolean;
}

/** What was charged, model by model. Money is rounded once for each; unknown when that of any answer is. */
export function reckon(prices: PriceTable, charges: readonly Charge[]): readonly ModelUsage[] {
  const byModel = Map.groupBy(charges, ({ model }) => model);
  return [...byModel].map(([model, parts]) => {
    const sum = (of: (part: Charge) => number): number => parts.reduce((all, part) => all + of(part), 0);
    const costs = parts.map((part) => costOf(prices, part));
    const isKnown = costs.every((cost) => cost !== null);
    return {
      model,
      inputTokens: sum((part) => part.inputTokens),
      outputTokens: sum((part) => part.outputTokens),
      cacheReadTokens: sum((part) => part.cacheReadTokens),
      cacheWriteTokens: sum((part) => part.cacheWriteTokens),
      costMicroUsd: isKnown ? Math.round(costs.reduce((all, cost) => all + cost, 0)) : null,
    };
  });
}

/** In micro-dollars, and parts of them; null when it is not known. */
function costOf(prices: PriceTable, charge: Charge): number | null {
  const price = findPrice(prices, charge.model);
  const rate = price === null || charge.isPartial ? null : rateOf(price, charge);
  if (price === null || rate === null) return null;
  const searches = charge.webSearches === 0 ? 0 : price.webSearch;
  if (searches === undefined) return null;
  const tokens =
    charge.inputTokens * rate.input +
    charge.outputTokens * rate.output +
    charge.cacheReadTokens * rate.cacheRead +
    (charge.cacheWriteTokens - charge.cacheWrite1hTokens) * rate.cacheWrite5m +
    charge.cacheWrite1hTokens * rate.cacheWrite1h;
  const factor = charge.geo === null ? 1 : (prices.geo[charge.geo] ?? 1);
  return tokens * factor + charge.webSearches * searches * 1e6;
}

function rateOf(price: ModelPrice, charge: Charge): Rate | null {
  if (charge.isFast) return price.fast ?? null;
  const { longPrompt } = price;
  const prompt = charge.inputTokens + charge.cacheReadTokens + charge.cacheWriteTokens;
  if (longPrompt === undefined || prompt <= longPrompt.above) return price;
  return charge.isSplit ? null : longPrompt;
}
