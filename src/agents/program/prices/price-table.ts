/** US dollars for a million tokens, which is micro-dollars for one. */
export interface Rate {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Kept for five minutes, or for an hour. */
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

export interface ModelPrice extends Rate {
  /** US dollars for one search. */
  readonly webSearch?: number;
  /** Of answers with this speed. */
  readonly fast?: Rate;
  /** Of answers to prompts of more tokens than this, those of the cache included. */
  readonly longPrompt?: Rate & { readonly above: number };
}

export interface PriceTable {
  /** What tokens cost more, by where they were reckoned. */
  readonly geo: Readonly<Record<string, number>>;
  readonly models: Readonly<Record<string, ModelPrice>>;
}

/** The second goes over the first, model by model. */
export function overlay(below: PriceTable, above: PriceTable): PriceTable {
  return { geo: { ...below.geo, ...above.geo }, models: { ...below.models, ...above.models } };
}

/** The price of a model by its name, also with a date or a size of its context behind it; null when it is not known. */
export function findPrice({ models }: PriceTable, model: string): ModelPrice | null {
  const names = [model, model.replace(CONTEXT, ''), model.replace(CONTEXT, '').replace(DATE, '')];
  const name = names.find((known) => Object.hasOwn(models, known));
  return name === undefined ? null : (models[name] ?? null);
}

const DATE = /-\d{8}$/;
const CONTEXT = /\[\w+\]$/;
