import { expect, test } from '@jest/globals';
import { createLive, type ProgramSession } from '../../../../../src/agents/program/driver/live.ts';

function session(letGo: () => void = () => {}): ProgramSession {
  return {
    agentSessionId: 's',
    exited: new Promise(() => {}),
    runTurn: () => new Promise(() => {}),
    rejoinTurn: () => new Promise(() => {}),
    sleep: async () => false,
    close: async () => {},
    readPermissionMode: () => null,
    isClosing: () => false,
    letGo,
  };
}

test('a session that closes late does not take the next one of its workspace with it', () => {
  const live = createLive();
  const [first, second] = [session(), session()];
  live.put('w', first);
  live.put('w', second);
  live.drop('w', first);
  expect(live.get('w')).toBe(second);
  live.drop('w', second);
  expect(live.get('w')).toBeNull();
});

test('all are let go, and forgotten', () => {
  const live = createLive();
  let count = 0;
  for (const workspace of ['one', 'two'])
    live.put(
      workspace,
      session(() => void (count += 1)),
    );
  live.letGo();
  expect([count, live.get('one'), live.get('two')]).toEqual([2, null, null]);
});
