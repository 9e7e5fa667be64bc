import { expect, test } from '@jest/globals';
import { createAsking, type Asking } from '../../../../../src/agents/claude-print/turn/asking.ts';
import type { ApprovalAsk, Settlement } from '../../../../../src/core/ports/agent.ts';
import { createKeptLog } from '../../../../helpers/kept-log.ts';

interface Asked {
  readonly ask: ApprovalAsk;
  readonly settled: Promise<Settlement>;
}

function ask(): { readonly asking: Asking; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const asking = createAsking({
    asked(one, settled) {
      asked.push({ ask: one, settled });
      return new Promise(() => {});
    },
    say: async () => {},
    answered: () => null,
    remembered() {},
    log: createKeptLog(),
  });
  return { asking, asked };
}

const FORM = { subtype: 'elicitation', mcp_server_name: 'server', message: 'Which?' };

test.each([
  ['a form', FORM],
  ['a use of a tool', { subtype: 'can_use_tool', tool_name: 'Bash', input: {} }],
])('%s without a name has the same one at each replay', (_name, request) => {
  const ids = [ask(), ask()].map(({ asking, asked }) => {
    asking.hearAsk('r1', request);
    return asked[0]?.ask.toolUseId;
  });
  expect(ids).toEqual([expect.stringMatching(/-r1$/), ids[0]]);
});

test('a form that the agent takes back is settled by it', async () => {
  const { asking, asked } = ask();
  asking.hearAsk('r1', FORM);
  asking.hearWithdrawal('r1');
  expect(await asked[0]?.settled).toEqual({ allowed: false, by: 'agent' });
});

test('a use of a tool that the agent takes back is settled as its tool ends', async () => {
  const { asking, asked } = ask();
  asking.hearAsk('r1', { subtype: 'can_use_tool', tool_name: 'Bash', tool_use_id: 't1', input: {} });
  asking.hearWithdrawal('r1');
  asking.hearResults([{ id: 't1', ok: true }]);
  expect(await asked[0]?.settled).toEqual({ allowed: true, by: 'agent' });
});
