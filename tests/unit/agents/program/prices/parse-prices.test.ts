import { expect, test } from '@jest/globals';
import { parsePrices, PricesError } from '../../../../../src/agents/program/prices/parse-prices.ts';
import { overlay } from '../../../../../src/agents/program/prices/price-table.ts';

const RATE = { input: 1, output: 5, cacheRead: 0.1, cacheWrite5m: 1.25, cacheWrite1h: 2 };

function problemsOf(value: unknown): readonly string[] {
  try {
    parsePrices(value);
    return [];
  } catch (error) {
    if (error instanceof PricesError) return error.problems;
    throw error;
  }
}

test('a table of prices may say where it is from', () => {
  const table = { measuredOn: '2026-11-29', measured: 'by hand', unit: '$', models: { a: RATE } };
  expect(parsePrices(table)).toEqual({ geo: {}, models: { a: RATE } });
});

test('every problem of a table is told at its place', () => {
  const { output: _output, ...half } = RATE;
  const models = { a: { ...half, input: -1, webSearch: '1', price: 1 }, b: 3, c: { ...RATE, fast: { ...half } } };
  expect(problemsOf({ geo: { us: 'x' }, models, currency: 'EUR' })).toEqual([
    'currency: is not known',
    'geo.us: must be a number that is not below 0',
    'models.a.price: is not known',
    'models.a.input: must be a number that is not below 0',
    'models.a.output: is missing; it must be a number that is not below 0',
    'models.a.webSearch: must be a number that is not below 0',
    'models.b: must be an object of prices',
    'models.c.fast.output: is missing; it must be a number that is not below 0',
  ]);
  expect(problemsOf([])).toEqual(['models: must be an object of prices by the names of models']);
});

test('a table stands above another one, model by model', () => {
  const below = { geo: { us: 1.1 }, models: { a: RATE, b: RATE } };
  const above = { geo: {}, models: { b: { ...RATE, input: 9 } } };
  expect(overlay(below, above)).toEqual({ geo: { us: 1.1 }, models: { a: RATE, b: { ...RATE, input: 9 } } });
});
