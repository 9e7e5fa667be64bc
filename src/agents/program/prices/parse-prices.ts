import type { PriceTable } from './price-table.ts';

/** Each problem begins with its place in the file. */
export class PricesError extends Error {
  override readonly name = 'PricesError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** @throws PricesError with every problem at once. */
export function parsePrices(value: unknown): PriceTable {
  const problems: string[] = [];
  const { geo = {}, models, ...rest } = toFields(value);
  for (const name of Object.keys(rest)) if (!NOTES.has(name)) problems.push(`${name}: is not known`);
  if (!isFields(models)) problems.push('models: must be an object of prices by the names of models');
  if (!isFields(geo)) problems.push('geo: must be an object of factors by the names of places');
  for (const [name, factor] of Object.entries(toFields(geo)))
    if (!isPrice(factor)) problems.push(`geo.${name}: must be ${A_PRICE}`);
  for (const [name, price] of Object.entries(toFields(models)))
    problems.push(...findTrouble(price, `models.${name}`, MODEL));
  if (problems.length > 0) throw new PricesError(problems);
  return { geo: geo as PriceTable['geo'], models: models as PriceTable['models'] };
}

/** What says where the prices are from. */
const NOTES: ReadonlySet<string> = new Set(['$schema', 'measuredOn', 'measured', 'unit']);

type Shape = Readonly<Record<string, 'price' | 'price, or absent' | { readonly within: Shape }>>;

const RATE: Shape = {
  input: 'price',
  output: 'price',
  cacheRead: 'price',
  cacheWrite5m: 'price',
  cacheWrite1h: 'price',
};
const MODEL: Shape = {
  ...RATE,
  webSearch: 'price, or absent',
  fast: { within: RATE },
  longPrompt: { within: { ...RATE, above: 'price' } },
};
const A_PRICE = 'a number that is not below 0';

function findTrouble(value: unknown, place: string, shape: Shape): readonly string[] {
  if (!isFields(value)) return [`${place}: must be an object of prices`];
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(shape, name));
  const wrong = Object.entries(shape).flatMap(([name, is]) => {
    const given = value[name];
    if (given === undefined) return is === 'price' ? [`${place}.${name}: is missing; it must be ${A_PRICE}`] : [];
    if (typeof is === 'object') return findTrouble(given, `${place}.${name}`, is.within);
    return isPrice(given) ? [] : [`${place}.${name}: must be ${A_PRICE}`];
  });
  return [...unknown.map((name) => `${place}.${name}: is not known`), ...wrong];
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return isFields(value) ? value : {};
}
