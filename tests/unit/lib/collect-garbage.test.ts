import { expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { collectGarbage } from '../../../src/lib/collect-garbage.ts';

test('what nobody holds is gone, and nobody else can collect', async () => {
  const held = new WeakRef({ is: 'garbage' });
  await delay(1); // what was made in a turn of the loop is held until its end
  collectGarbage();
  expect(held.deref()).toBeUndefined();
  expect(globalThis).not.toHaveProperty('gc');
});
