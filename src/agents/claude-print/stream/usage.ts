import { isSpent, sumUp, type ModelUsage, type Usage } from '../../../core/model/usage/usage.ts';
import type { PriceTable } from '../../program/prices/price-table.ts';
import { reckon } from '../../program/prices/reckon.ts';
import type { ModelSum, ModelSums, Result } from './line.ts';

/** What was spent since the last result of this process. */
export interface Meter {
  /** Takes each result, in their order. */
  read(result: Result): Usage;
}

/** Newer versions tell what a result took by itself; of others it is the difference to the one before, which begins at
 *  nothing with the process. Differences of rounded sums add up to the rounded sum: nothing is lost in a long session.
 *  `prices` are for what the agent tells no cost of. */
export function createMeter(prices: PriceTable): Meter {
  let before: Sums = new Map();
  return {
    read({ since, total }) {
      const sums = toSums(total);
      const taken = since === null ? differ(sums, before) : toSums(since);
      before = sums;
      return sumUp([...taken].map(([model, sum]) => toModelUsage(prices, model, sum)).filter(isSpent));
    },
  };
}

type Sum = Omit<ModelSum, 'costUsd'> & Pick<ModelUsage, 'costMicroUsd'>;
type Sums = ReadonlyMap<string, Sum>;

function toSums(sums: ModelSums): Sums {
  return new Map(
    [...sums].map(([model, { costUsd, ...sum }]) => [
      model,
      { ...sum, costMicroUsd: costUsd === null ? null : Math.round(costUsd * 1e6) },
    ]),
  );
}

function differ(sums: Sums, before: Sums): Sums {
  return new Map(
    [...sums].map(([model, sum]) => {
      const last = before.get(model);
      const of = (name: keyof Sum): number => Math.max(0, (sum[name] ?? 0) - (last?.[name] ?? 0));
      const isTold = sum.costMicroUsd !== null && last?.costMicroUsd !== null;
      return [
        model,
        {
          inputTokens: of('inputTokens'),
          outputTokens: of('outputTokens'),
          cacheReadTokens: of('cacheReadTokens'),
          cacheWriteTokens: of('cacheWriteTokens'),
          cacheWrite1hTokens: of('cacheWrite1hTokens'),
          webSearches: of('webSearches'),
          costMicroUsd: isTold ? of('costMicroUsd') : null,
        },
      ];
    }),
  );
}

function toModelUsage(prices: PriceTable, model: string, sum: Sum): ModelUsage {
  const { costMicroUsd: told, cacheWrite1hTokens, webSearches, ...tokens } = sum;
  if (told !== null) return { model, ...tokens, costMicroUsd: told };
  const kind = { isFast: false, geo: null, isSplit: true, isPartial: false };
  const [reckoned] = reckon(prices, [{ model, ...tokens, cacheWrite1hTokens, webSearches, ...kind }]);
  return { model, ...tokens, costMicroUsd: reckoned?.costMicroUsd ?? null };
}
