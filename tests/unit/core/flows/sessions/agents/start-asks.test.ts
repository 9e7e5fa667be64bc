import { expect, test } from '@jest/globals';
import { createStartAsks } from '../../../../../../src/core/flows/sessions/agents/start-asks.ts';
import type { ApprovalAsk, Settlement } from '../../../../../../src/core/ports/agent.ts';
import { ALLOW } from '../../../../../helpers/examples.ts';

const ASK: ApprovalAsk = { kind: 'dialog', toolUseId: 'd', subagent: null, tool: 'dialog', input: {}, rules: [] };
const open = (): Promise<Settlement> => new Promise(() => {});

test('what a start asks while nobody waits for it is refused', async () => {
  await expect(createStartAsks().asked(ASK, open())).rejects.toThrow('Nobody waits');
});

test('whoever waits for a start is asked, and so is the next one', async () => {
  const asks = createStartAsks();
  const asked: string[] = [];
  asks.join(async () => {
    asked.push('first');
    return new Promise(() => {});
  });
  const decided = asks.asked(ASK, open());
  expect(asks.isOpen).toBe(true);
  asks.join(async () => {
    asked.push('second');
    return ALLOW;
  });
  expect(await decided).toBe(ALLOW);
  expect(asked).toEqual(['first', 'second']);
});

test('nothing is open once it is settled', async () => {
  const asks = createStartAsks();
  asks.join(() => new Promise(() => {}));
  void asks.asked(ASK, Promise.resolve({ allowed: true, by: 'terminal' }));
  await Promise.resolve();
  await Promise.resolve();
  expect(asks.isOpen).toBe(false);
});
