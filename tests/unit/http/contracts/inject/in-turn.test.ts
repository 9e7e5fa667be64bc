import { expect, test } from '@jest/globals';
import { createTurns } from '../../../../../src/http/contracts/inject/in-turn.ts';

test('what has the same name runs one after the other; what has another one does not wait', async () => {
  const inTurn = createTurns();
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = inTurn('a', async () => {
    await gate.promise;
    order.push('first');
  });
  const second = inTurn('a', async () => void order.push('second'));
  await inTurn('b', async () => void order.push('other'));
  gate.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(['other', 'first', 'second']);
});

test('one that fails is told to its caller alone, and the next one runs', async () => {
  const inTurn = createTurns();
  const first = inTurn('a', async () => {
    throw new Error('no');
  });
  const second = inTurn('a', async () => 'yes');
  await expect(first).rejects.toThrow('no');
  expect(await second).toBe('yes');
});
