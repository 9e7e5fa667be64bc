import { expect, test } from '@jest/globals';
import { createRendered } from '../../../../src/transports/markdown/rendered.ts';

test('an answer is rendered once, however many messages it becomes, and again when it has other words', () => {
  const rendered = createRendered<string>();
  let made = 0;
  const of = (name: string, text: string): string => rendered.of(name, text, () => `${(made += 1)}`);
  expect([of('a', 'x'), of('a', 'x'), of('b', 'x'), of('a', 'y'), of('a', 'y')]).toEqual(['1', '1', '2', '3', '3']);
});

test('only the last few are kept', () => {
  const rendered = createRendered<number>();
  for (let at = 0; at < 20; at += 1) rendered.of(String(at), 'x', () => at);
  expect([rendered.of('19', 'x', () => -1), rendered.of('0', 'x', () => -1)]).toEqual([19, -1]);
});
