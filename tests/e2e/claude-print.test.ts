import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGatewayRig, type GatewayRig } from '../helpers/gateway-rig.ts';
import { until } from '../helpers/until.ts';

describe('POST /execute for claude-print, with the real CLI', () => {
  let rig: GatewayRig;

  beforeAll(async () => {
    rig = await openGatewayRig({
      script(prompt) {
        const file = `${rig.root}/allowed.txt`;
        if (prompt.startsWith('write'))
          return { tool: 'Write', input: { file_path: file, content: 'x' }, answer: 'done' };
        return prompt.startsWith('count') ? { answer: 'counted', inputTokens: 1_000 } : `echo: ${prompt}`;
      },
    });
  });
  afterAll(() => rig.close());

  const submit = async (workspace: string, command: string): Promise<string> => {
    const accepted = await rig.call('POST', '/execute', { json: { workspace, command, agent: 'claude-print' } });
    expect(accepted.status).toBe(202);
    return (accepted.body as { requestId: string }).requestId;
  };
  const ended = async (requestId: string) =>
    (await rig.call('GET', `/status/${requestId}`, { headers: { prefer: 'wait=60' } })).body;

  test('a second message knows the first, and each tells what it took', async () => {
    expect(await ended(await submit('talk', 'count first'))).toMatchObject({
      state: 'completed',
      agent: 'claude-print',
      output: { text: 'counted' },
      usage: {
        inputTokens: 1_000,
        outputTokens: 1,
        costMicroUsd: expect.any(Number),
        models: [{ inputTokens: 1_000 }],
      },
    });
    expect(await ended(await submit('talk', 'and again'))).toMatchObject({ output: { text: 'echo: and again' } });
    expect(rig.model.knew('and again')).toContain('count first');
  });

  test('what it wants to do is an approval like everywhere', async () => {
    const id = await submit('ask', 'write it');
    const open = async () => ((await rig.call('GET', '/approvals')).body as Approvals).approvals.find(isOf(id));
    const approval = await until(open);
    expect(approval).toMatchObject({ tool: 'Write', state: 'open' });
    await rig.call('POST', `/approvals/${approval.id}`, { json: { decision: 'allow' } });
    expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: 'done' } });
    expect(await open()).toMatchObject({ state: 'allowed' });
  });

  test('its session is shown as live, and is of this agent alone', async () => {
    await ended(await submit('shown', 'hello'));
    const { body } = await rig.call('GET', '/session/shown');
    expect(body).toMatchObject({ agent: 'claude-print', status: 'idle', permissionMode: 'default' });
    const other = await rig.call('POST', '/execute', { json: { workspace: 'shown', command: 'x', agent: 'claude' } });
    expect(other.status).toBe(409);
  });
});

interface Approvals {
  readonly approvals: readonly { readonly id: string; readonly requestId: string }[];
}

const isOf =
  (id: string) =>
  ({ requestId }: { readonly requestId: string }): boolean =>
    requestId === id;
