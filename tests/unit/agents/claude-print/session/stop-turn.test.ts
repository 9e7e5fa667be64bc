import { expect, test } from '@jest/globals';
import { stopTurn } from '../../../../../src/agents/claude-print/session/stop-turn.ts';
import { createTurn } from '../../../../../src/agents/claude-print/turn/turn.ts';
import { createKeptLog } from '../../../../helpers/kept-log.ts';

test('a turn that nobody watches any more is not stopped, and its agent is left alone', async () => {
  const turn = createTurn({
    version: '2.1.332',
    observer: { asked: () => new Promise(() => {}), noticed() {} },
    say: async () => {},
    answered: () => null,
    remembered() {},
    log: createKeptLog(),
  });
  turn.saying({ uuid: 'ours', line: '{}', text: 'hello', altered: [] });
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
