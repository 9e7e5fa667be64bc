import { describe, expect, test } from '@jest/globals';
import type { DeliveryRecord } from '../../../src/core/model/delivery.ts';
import { createApiCall, type ApiCall } from '../../helpers/api-call.ts';
import { aDelivery } from '../../helpers/fake-gateway/deliveries.ts';
import type { FakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { KEY, openHttpServer } from '../../helpers/http-server.ts';

interface Opened extends AsyncDisposable {
  readonly call: ApiCall;
  readonly gateway: FakeGateway;
}

async function openWith(...deliveries: readonly DeliveryRecord[]): Promise<Opened> {
  const http = await openHttpServer();
  for (const delivery of deliveries) http.gateway.addDelivery(delivery);
  return {
    call: createApiCall(http.baseUrl, KEY),
    gateway: http.gateway,
    [Symbol.asyncDispose]: () => http.server.close(),
  };
}

describe('GET /deliveries', () => {
  const all = [1, 2, 3].map((seq) =>
    aDelivery({ id: `msg_${seq}`, seq, state: seq === 2 ? 'refused' : 'sent', requestId: `req-${seq}` }),
  );

  test.each([
    ['', ['msg_3', 'msg_2', 'msg_1']],
    ['?state=refused', ['msg_2']],
    ['?requestId=req-3&kind=answer', ['msg_3']],
    [`?to=${encodeURIComponent('webhook:https://example.org/hook')}&limit=1`, ['msg_3']],
  ])('%s', async (query, expected) => {
    await using http = await openWith(...all);
    const { body } = await http.call('GET', `/deliveries${query}`);
    expect(body.deliveries.map(({ id }: { id: string }) => id)).toEqual(expected);
  });

  test('goes on with the cursor until there is no more', async () => {
    await using http = await openWith(...all);
    const first = await http.call('GET', '/deliveries?limit=2');
    expect(first.body.next).toBe('2');
    const second = await http.call('GET', `/deliveries?limit=2&cursor=${first.body.next}`);
    expect([second.body.deliveries.length, second.body.next]).toEqual([1, null]);
  });

  test.each([
    ['?state=gone', 'state'],
    ['?limit=0', 'limit'],
    ['?cursor=x', 'cursor'],
    ['?colour=red', 'colour'],
  ])('%s is refused, and the field is named', async (query, field) => {
    await using http = await openWith();
    expect(await http.call('GET', `/deliveries${query}`)).toMatchObject({ status: 400, body: { field } });
  });
});

test('the status of a request shows what is owed of it', async () => {
  await using http = await openWith(aDelivery());
  await http.call('POST', '/execute', { json: { workspace: 'demo', command: 'hi' } });
  const { body } = await http.call('GET', '/status/req-1');
  expect(body.deliveries).toEqual([
    {
      id: 'msg_1',
      to: 'webhook:https://example.org/hook',
      kind: 'answer',
      event: 'request.completed',
      requestId: 'req-1',
      workspace: 'demo',
      webhookId: null,
      state: 'waiting',
      attempts: 0,
      nextAttemptAt: 1,
      createdAt: 1,
      endedAt: null,
      lastError: null,
      link: null,
    },
  ]);
});

describe('POST /deliveries/:id/retry', () => {
  test('owes one again that was refused', async () => {
    await using http = await openWith(aDelivery({ state: 'refused', endedAt: 2 }));
    expect(await http.call('POST', '/deliveries/msg_1/retry')).toMatchObject({
      status: 200,
      body: { id: 'msg_1', state: 'waiting', endedAt: null },
    });
  });

  test('refuses what was sent, and what is not there', async () => {
    await using http = await openWith(aDelivery({ state: 'sent' }));
    expect(await http.call('POST', '/deliveries/msg_1/retry')).toMatchObject({
      status: 409,
      body: { code: 'delivery_not_ended' },
    });
    expect(await http.call('POST', '/deliveries/msg_9/retry')).toMatchObject({ status: 404 });
  });
});
