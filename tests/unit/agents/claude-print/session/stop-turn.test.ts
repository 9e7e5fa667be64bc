import { expect, test } from '@jest/globals';
import { stopTurn } from '../../../../../src/agents/claude-print/session/stop-turn.ts';
import { parseLine } from '../../../../../src/agents/claude-print/stream/line.ts';
import { createTurn, type Turn } from '../../../../../src/agents/claude-print/turn/turn.ts';
import { createKeptLog } from '../../../../helpers/kept-log.ts';

const USAGE = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costMicroUsd: 1, models: [] };

function begin(): Turn {
  const turn = createTurn({
    version: '2.1.332',
    observer: { asked: () => new Promise(() => {}), noticed() {} },
    say: async () => {},
    answered: () => null,
    remembered() {},
    log: createKeptLog(),
  });
  turn.saying({ uuid: 'ours', line: '{}', text: 'hello', altered: [] });
  return turn;
}

test('a turn whose work goes on in the background is over before its agent is ended, which may wake it', async () => {
  const turn = begin();
  const hear = (line: object): void => turn.hear(parseLine(JSON.stringify(line)), USAGE, true);
  hear({ type: 'command_lifecycle', command_uuid: 'ours', state: 'started' });
  const result = { type: 'result', is_error: false, num_turns: 1, terminal_reason: 'completed' };
  hear({ ...result, result: 'It runs.' });
  const never = new AbortController().signal;
  await stopTurn(
    {
      controls: { ask: () => new Promise(() => {}), hear() {} },
      life: {
        async close() {
          turn.hear(parseLine(JSON.stringify({ ...result, result: 'woken' })), USAGE, false);
        },
        released: never,
      },
    },
    turn,
  );
  expect(await turn.end).toMatchObject({ kind: 'interrupted', usage: USAGE });
});

test('a turn that nobody watches any more is not stopped, and its agent is left alone', async () => {
  const turn = begin();
  const letGo = new AbortController();
  const asked: string[] = [];
  let isClosed = false;
  await stopTurn(
    {
      controls: {
        async ask(_signal, subtype) {
          asked.push(subtype);
          if (subtype === 'interrupt') letGo.abort();
          return null;
        },
        hear() {},
      },
      life: { close: async () => void (isClosed = true), released: letGo.signal },
    },
    turn,
  );
  expect([asked, isClosed, turn.state]).toEqual([['cancel_async_message', 'interrupt'], false, 'said']);
});
