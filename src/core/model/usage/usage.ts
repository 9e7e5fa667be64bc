/** What was read and written. Each token is counted once: those of a cache are no `inputTokens`. */
export interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** What one turn took, by the agent's own word. */
export interface Usage extends Tokens {
  /** Millionths of a US dollar, as the agent reckons them, or a table of prices; null when neither knows. */
  readonly costMicroUsd: number | null;
  /** Of each model that was asked; they sum to the whole. */
  readonly models: readonly ModelUsage[];
}

export interface ModelUsage extends Tokens {
  readonly model: string;
  readonly costMicroUsd: number | null;
}

const TOKENS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;

export function sumUp(models: readonly ModelUsage[]): Usage {
  return { ...sumOf(models), models };
}

/** Of several parts of a turn, as of one that was woken by what it left behind. */
export function addUsage(one: Usage | null, other: Usage): Usage {
  if (one === null) return other;
  const names = new Set([...one.models, ...other.models].map(({ model }) => model));
  const models = [...names].map((name) => {
    const parts = [...one.models, ...other.models].filter(({ model }) => model === name);
    return { model: name, ...sumOf(parts) };
  });
  return sumUp(models);
}

export function isSpent(usage: ModelUsage): boolean {
  return TOKENS.some((name) => usage[name] > 0) || (usage.costMicroUsd ?? 0) > 0;
}

export function mapTokens(of: (name: keyof Tokens) => number): Tokens {
  return {
    inputTokens: of('inputTokens'),
    outputTokens: of('outputTokens'),
    cacheReadTokens: of('cacheReadTokens'),
    cacheWriteTokens: of('cacheWriteTokens'),
  };
}

/** Unknown with one of them. */
function sumOf(parts: readonly ModelUsage[]): Omit<ModelUsage, 'model'> {
  const sum = (of: (part: ModelUsage) => number): number => parts.reduce((all, part) => all + of(part), 0);
  const isTold = parts.every(({ costMicroUsd }) => costMicroUsd !== null);
  return {
    ...mapTokens((name) => sum((part) => part[name])),
    costMicroUsd: isTold ? sum(({ costMicroUsd }) => costMicroUsd ?? 0) : null,
  };
}
