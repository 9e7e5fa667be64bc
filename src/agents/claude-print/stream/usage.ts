import type { ModelUsage, Tokens, Usage } from '../../../core/model/request.ts';
import type { ModelSums, Result } from './line.ts';

/** What was spent since the last result of this process. */
export interface Meter {
  /** Takes each result, in their order. */
  read(result: Result): Usage;
}

/** Newer versions tell what a result took by itself; of others it is the difference to the one before, which begins at
 *  nothing with the process. Differences of rounded sums add up to the rounded sum: nothing is lost in a long session. */
export function createMeter(): Meter {
  let before: ReadonlyMap<string, ModelUsage> = new Map();
  return {
    read({ since, total }) {
      const sums = toUsages(total);
      const models = since === null ? differ(sums, before) : [...toUsages(since).values()];
      before = sums;
      return sumUp(models.filter(isSpent));
    },
  };
}

function toUsages(sums: ModelSums): ReadonlyMap<string, ModelUsage> {
  return new Map(
    [...sums].map(([model, { costUsd, ...tokens }]) => [
      model,
      { model, ...tokens, costMicroUsd: costUsd === null ? null : Math.round(costUsd * 1e6) },
    ]),
  );
}

function differ(sums: ReadonlyMap<string, ModelUsage>, before: ReadonlyMap<string, ModelUsage>): ModelUsage[] {
  return [...sums].map(([model, sum]) => {
    const last = before.get(model) ?? { ...NOTHING, costMicroUsd: 0 };
    const tokens = mapTokens((name) => Math.max(0, sum[name] - last[name]));
    const { costMicroUsd: cost } = sum;
    const costMicroUsd = cost === null || last.costMicroUsd === null ? null : Math.max(0, cost - last.costMicroUsd);
    return { model, ...tokens, costMicroUsd };
  });
}

/** Of several results, as of a turn that was woken by what it left behind. */
export function addUsage(one: Usage | null, other: Usage): Usage {
  if (one === null) return other;
  const names = new Set([...one.models, ...other.models].map(({ model }) => model));
  const models = [...names].map((name) => {
    const parts = [...one.models, ...other.models].filter(({ model }) => model === name);
    return { model: name, ...sumOf(parts) };
  });
  return sumUp(models);
}

function sumUp(models: readonly ModelUsage[]): Usage {
  return { ...sumOf(models), models };
}

function sumOf(parts: readonly ModelUsage[]): Omit<ModelUsage, 'model'> {
  const sum = (of: (part: ModelUsage) => number): number => parts.reduce((all, part) => all + of(part), 0);
  const isTold = parts.every(({ costMicroUsd }) => costMicroUsd !== null);
  return {
    ...mapTokens((name) => sum((part) => part[name])),
    costMicroUsd: isTold ? sum(({ costMicroUsd }) => costMicroUsd ?? 0) : null,
  };
}

function isSpent(usage: ModelUsage): boolean {
  return TOKENS.some((name) => usage[name] > 0) || (usage.costMicroUsd ?? 0) > 0;
}

const TOKENS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
const NOTHING: Tokens = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

function mapTokens(of: (name: keyof Tokens) => number): Tokens {
  return {
    inputTokens: of('inputTokens'),
    outputTokens: of('outputTokens'),
    cacheReadTokens: of('cacheReadTokens'),
    cacheWriteTokens: of('cacheWriteTokens'),
  };
}
