import { expect, test } from '@jest/globals';
import { createReload } from '../../../../src/cli/hooks/reload.ts';

test('a hangup reloads once there is something to reload', () => {
  let reloads = 0;
  const reload = createReload(() => false);
  expect(reload.onHangup()).toBe(false);
  reload.open(async () => void (reloads += 1));
  expect(reload.onHangup()).toBe(true);
  expect(reloads).toBe(1);
});

test('a hangup of the terminal in which the command was given stops it as before', () => {
  let hasTerminal = true;
  const reload = createReload(() => hasTerminal);
  reload.open(async () => {});
  expect(reload.onHangup()).toBe(true);
  hasTerminal = false;
  expect(reload.onHangup()).toBe(false);
});
