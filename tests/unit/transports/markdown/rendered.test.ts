import { expect, test } from '@jest/globals';
import type { RequestRecord } from '../../../../src/core/model/request.ts';
import { createRendered } from '../../../../src/transports/markdown/rendered.ts';
import { aRequest } from '../../../helpers/telegram-server/telegram-bench.ts';

test('an answer is rendered once, however many messages it becomes, and again when it has other words or another end', () => {
  const rendered = createRendered<number>();
  let made = 0;
  const of = (id: string, text: string, more: Partial<RequestRecord> = {}): number =>
    rendered.of(aRequest({ id, text, ...more }), () => (made += 1));
  const first = [of('a', 'x'), of('a', 'x'), of('b', 'x'), of('a', 'y'), of('a', 'y')];
  expect([...first, of('a', 'y', { state: 'failed' })]).toEqual([1, 1, 2, 3, 3, 4]);
});

test('only the last few are kept', () => {
  const rendered = createRendered<number>();
  const of = (id: number, made: number): number => rendered.of(aRequest({ id: String(id) }), () => made);
  for (let at = 0; at < 20; at += 1) of(at, at);
  expect([of(19, -1), of(0, -1)]).toEqual([19, -1]);
});
