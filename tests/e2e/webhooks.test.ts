import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { createApprovalCalls } from '../helpers/approvals.ts';
import { openGatewayRig, type GatewayRig } from '../helpers/gateway-rig.ts';
import { until } from '../helpers/until.ts';
import { openWebhookReceiver, type Received, type WebhookReceiver } from '../helpers/webhook-receiver.ts';

/** What scheduled jobs ask for first: to be told. With the real CLI. */
describe('webhooks', () => {
  let rig: GatewayRig;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await openWebhookReceiver();
    rig = await openGatewayRig({
      env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8', WEBHOOK_RETRY_MS: '200' },
      script: (prompt) =>
        prompt.startsWith('write')
          ? {
              tool: 'Write',
              input: { file_path: path.join(rig.root, 'workspaces', 'w', 'x'), content: 'x' },
              answer: 'done',
            }
          : `echo: ${prompt}`,
    });
  });
  afterAll(async () => {
    await rig.close();
    await receiver.close();
  });

  const secretFile = (): string => path.join(rig.root, 'data', 'webhook-secret');
  const toldOn = (route: string): readonly Received[] => receiver.taken().filter((came) => came.path === route);

  async function submit(command: string, replyTo?: string): Promise<string> {
    const json = { workspace: 'w', command, ...(replyTo !== undefined && { replyTo }) };
    const accepted = await rig.call('POST', '/execute', { json });
    expect(accepted.status).toBe(202);
    return accepted.body.requestId;
  }

  test('the answer of a request arrives at its address, signed, and its status says so', async () => {
    const requestId = await submit('say it', `webhook:${receiver.url}/answer`);
    await until(() => toldOn('/answer').length === 1);
    const [came] = toldOn('/answer');
    const secret = (await readFile(secretFile(), 'utf8')).trim();
    const told = new Webhook(secret).verify(came?.body ?? '', came?.headers as Record<string, string>);
    expect(told).toMatchObject({
      type: 'request.completed',
      data: { requestId, workspace: 'w', state: 'completed', output: { text: 'echo: say it' } },
    });
    await until(async () => (await rig.call('GET', `/status/${requestId}`)).body.deliveries[0]?.state === 'sent');
    expect((await stat(secretFile())).mode & 0o777).toBe(0o600);
  });

  test('it has what the turn took, and the end did not wait for that', async () => {
    const requestId = await submit('what did it take?', `webhook:${receiver.url}/usage`);
    const ended = await rig.call('GET', `/status/${requestId}`, { headers: { prefer: 'wait=30' } });
    expect(ended.body).toMatchObject({ state: 'completed', usage: null, usagePending: true });
    await until(() => toldOn('/usage').length === 1);
    const { body } = await rig.call('GET', `/status/${requestId}`);
    expect(body).toMatchObject({ usagePending: false, usage: { models: [{ model: expect.any(String) }] } });
    expect(JSON.parse(toldOn('/usage')[0]?.body ?? '')).toMatchObject({ data: { requestId, usage: body.usage } });
    const types = (await rig.events()).filter(
      (event) => event.requestId === requestId || event.data['requestId'] === requestId,
    );
    expect(types.map(({ type }) => type).slice(-3)).toEqual(['request.completed', 'usage.noted', 'delivery.sent']);
  });

  test('a subscription is told of an approval and of the end, and signs with a secret of its own', async () => {
    const events = ['request.completed', 'approval.opened', 'approval.denied'];
    const made = await rig.call('POST', '/webhooks', {
      json: { url: `${receiver.url}/all`, events, workspaces: ['w'] },
    });
    const { id, secret } = made.body;
    await rig.call('POST', `/webhooks/${id}/test`);
    const requestId = await submit('write x');
    const approvals = createApprovalCalls(rig.call);
    const [approval] = await approvals.open(requestId);
    await approvals.decide(approval?.id ?? '', { decision: 'deny' });
    await until(() => toldOn('/all').length === 4);
    const told = toldOn('/all').map(
      ({ body, headers }) =>
        new Webhook(secret).verify(body, headers as Record<string, string>) as { type: string; data: object },
    );
    expect(told.map(({ type }) => type)).toEqual([
      'webhook.test',
      'approval.opened',
      'approval.denied',
      'request.completed',
    ]);
    expect(told[1]?.data).toMatchObject({ approvalId: approval?.id, requestId, tool: 'Write', kind: 'tool' });
    await rig.call('DELETE', `/webhooks/${id}`);
  });

  test('an address that fails is tried again, and one that refuses is shown and can be asked again', async () => {
    receiver.behave(500);
    const first = await submit('again', `webhook:${receiver.url}/late`);
    await until(() => receiver.received.filter((came) => came.path === '/late').length >= 2);
    receiver.behave(204);
    await until(() => toldOn('/late').length === 1);
    expect((await rig.call('GET', `/status/${first}`)).body.deliveries).toMatchObject([
      { lastError: 'the receiver answered 500' },
    ]);
    receiver.behave(422);
    const second = await submit('refuse', `webhook:${receiver.url}/never`);
    await until(
      async () => (await rig.call('GET', `/deliveries?requestId=${second}&state=refused`)).body.deliveries.length === 1,
    );
    const { body } = await rig.call('GET', `/deliveries?requestId=${second}`);
    receiver.behave(204);
    await rig.call('POST', `/deliveries/${body.deliveries[0].id}/retry`);
    await until(() => toldOn('/never').length === 1);
  });

  test.each([
    ['https://127.0.0.1/', 202],
    ['https://10.0.0.1/', 400],
    ['https://[::ffff:10.0.0.1]/', 400],
    ['http://10.0.0.1/', 400],
    ['telegram', 400],
  ])('replyTo webhook:%s is answered %i, and a wrong one stores nothing', async (url, status) => {
    const before = (await rig.call('GET', '/requests')).body.requests.length;
    const json = { workspace: 'w', command: 'hi', replyTo: url === 'telegram' ? 'telegram:1' : `webhook:${url}` };
    const answer = await rig.call('POST', '/execute', { json });
    expect(answer).toMatchObject({ status, ...(status === 400 && { body: { field: 'replyTo' } }) });
    const after = (await rig.call('GET', '/requests')).body.requests.length;
    expect(after - before).toBe(status === 202 ? 1 : 0);
  });
});
