import { expect, test } from '@jest/globals';
import { answer } from '../../../../helpers/fake-driver.ts';
import { openHouse } from '../house.ts';
import { createLog } from '../../../../../src/log.ts';
import { appendNotice } from '../../../../../src/core/flows/events/notices.ts';

const SAID = { type: 'agent.said', data: { messageId: 'm', text: 'WORDS', final: true } } as const;

test('what the agent says stands before the end of its request, in order', async () => {
  await using house = await openHouse({
    async runTurn(prompt, observer) {
      const end = answer(prompt, observer);
      await end;
      observer.noticed(SAID);
      observer.noticed({ type: 'tool.started', data: { toolUseId: 't' } });
      return end;
    },
  });
  await house.start();
  const id = await house.ask('a', 'hello');
  await house.ended(id);
  const types = (await house.store.listEvents(0, 100, { requestId: id })).map(({ type }) => type);
  expect(types.slice(-3)).toEqual(['agent.said', 'tool.started', 'request.completed']);
});

test('what the agent says is no line of the log, and without its words at the finest level', async () => {
  await using house = await openHouse();
  const linesAt = async (level: 'info' | 'debug'): Promise<string> => {
    const lines: string[] = [];
    const log = createLog(level, { write: (line) => lines.push(line) });
    appendNotice({ ...house, log }, 'a', null, SAID);
    return lines.join('');
  };
  expect(await linesAt('info')).toBe('');
  expect(await linesAt('debug')).toContain('agent.said');
  expect(await linesAt('debug')).not.toContain('WORDS');
});
