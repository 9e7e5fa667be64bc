import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApiCall, type ApiCall } from '../../helpers/api-call.ts';
import { KEY, openHttpServer, type TestServer } from '../../helpers/http-server.ts';

const WISH = { url: 'https://example.org/hook', events: ['request.completed', 'approval.opened'] };

describe('webhooks over HTTP', () => {
  let http: TestServer;
  let call: ApiCall;
  beforeAll(async () => {
    http = await openHttpServer();
    call = createApiCall(http.baseUrl, KEY);
  });
  afterAll(() => http.server.close());

  test('one is made, listed without its secret, tried, given another secret, and deleted', async () => {
    const made = await call('POST', '/webhooks', { json: { ...WISH, workspaces: ['demo'] } });
    expect(made).toMatchObject({
      status: 201,
      body: { ...WISH, workspaces: ['demo'], secret: expect.stringMatching(/^whsec_/) },
    });
    const { id } = made.body;
    const listed = await call('GET', '/webhooks');
    expect(listed.body.webhooks).toMatchObject([{ id, state: 'active', failingSince: null, lastError: null }]);
    expect(JSON.stringify(listed.body)).not.toContain('whsec_');
    expect(await call('POST', `/webhooks/${id}/test`)).toMatchObject({
      status: 202,
      body: { kind: 'test', webhookId: id },
    });
    const rotated = await call('POST', `/webhooks/${id}/rotate`);
    expect(rotated).toMatchObject({ status: 200, body: { id, secret: expect.stringMatching(/^whsec_/) } });
    expect(rotated.body.secret).not.toBe(made.body.secret);
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204);
    expect((await call('GET', '/webhooks')).body).toEqual({ webhooks: [] });
  });

  test.each([
    ['no url', { events: WISH.events }, 'url'],
    ['no events', { url: WISH.url, events: [] }, 'events'],
    ['an event that is not told of', { ...WISH, events: ['agent.said'] }, 'events/0'],
    ['an event twice', { ...WISH, events: ['agent.paused', 'agent.paused'] }, 'events'],
    ['a workspace that is none', { ...WISH, workspaces: ['../x'] }, 'workspaces/0'],
    ['a field that is unknown', { ...WISH, colour: 'red' }, 'colour'],
  ])('%s is refused, and the field is named', async (_name, json, field) => {
    expect(await call('POST', '/webhooks', { json })).toMatchObject({ status: 400, body: { field } });
  });

  test.each(['DELETE /webhooks/whk-9', 'POST /webhooks/whk-9/test', 'POST /webhooks/whk-9/rotate'])(
    '%s of nobody: 404',
    async (route) => {
      const [method = '', path = ''] = route.split(' ');
      expect((await call(method, path)).status).toBe(404);
    },
  );
});
