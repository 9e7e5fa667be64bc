import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUILT_IN_PRICES } from '../../../../../src/agents/program/prices/built-in.ts';
import { readPrices } from '../../../../../src/agents/program/prices/read-prices.ts';
import { ConfigError } from '../../../../../src/config/config.ts';

const RATE = { input: 1, output: 5, cacheRead: 0.1, cacheWrite5m: 1.25, cacheWrite1h: 2 };

describe('PRICES_FILE', () => {
  let file: string;

  beforeAll(async () => {
    file = path.join(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-prices-')), 'prices.json');
  });
  afterAll(() => rm(path.dirname(file), { recursive: true, force: true }));

  const problemsOf = (): Promise<unknown> =>
    readPrices(file).then(
      () => [],
      (error: unknown) => (error instanceof ConfigError ? error.problems : error),
    );

  test('goes over what is built in', async () => {
    await writeFile(file, JSON.stringify({ models: { mine: RATE } }));
    expect(await readPrices(file)).toEqual({ ...BUILT_IN_PRICES, models: { ...BUILT_IN_PRICES.models, mine: RATE } });
    expect(await readPrices(null)).toBe(BUILT_IN_PRICES);
  });

  test('that is wrong is told with its file and field', async () => {
    await writeFile(file, JSON.stringify({ models: { mine: { ...RATE, input: '1' } } }));
    expect(await problemsOf()).toEqual([
      `PRICES_FILE: ${file}: models.mine.input: must be a number that is not below 0`,
    ]);
    await writeFile(file, '{');
    expect(await problemsOf()).toEqual([`PRICES_FILE: ${file}: is no JSON`]);
    await rm(file);
    expect(await problemsOf()).toEqual([`PRICES_FILE: ${file}: cannot be read (ENOENT)`]);
  });
});
