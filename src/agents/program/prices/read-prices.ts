import { readFile } from 'node:fs/promises';
import { BUILT_IN_PRICES } from './built-in.ts';
import { parsePrices, PricesError } from './parse-prices.ts';
import { overlay, type PriceTable } from './price-table.ts';
import { ConfigError } from '../../../config/config.ts';
import { toCode } from '../../../lib/error-code.ts';

/** What models cost: PRICES_FILE above what is built in.
 *  @throws ConfigError with every problem at once. */
export async function readPrices(file: string | null): Promise<PriceTable> {
  if (file === null) return BUILT_IN_PRICES;
  try {
    return overlay(BUILT_IN_PRICES, parsePrices(await readJson(file)));
  } catch (error) {
    if (!(error instanceof PricesError)) throw error;
    throw new ConfigError(error.problems.map((problem) => `PRICES_FILE: ${file}: ${problem}`));
  }
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new PricesError([`cannot be read (${toCode(error)})`]);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new PricesError(['is no JSON']);
  }
}
