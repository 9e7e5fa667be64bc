import { parsePrices } from './parse-prices.ts';
import type { PriceTable } from './price-table.ts';
import prices from './prices.json' with { type: 'json' };

/** What is known of prices here; the file says from when, and how. */
export const BUILT_IN_PRICES: PriceTable = parsePrices(prices);
