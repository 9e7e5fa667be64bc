import { describe, expect, test } from '@jest/globals';
import { KEY, openHttpServer, OTHER_KEY } from '../../helpers/http-server.ts';

const guarded = [
  ['POST', '/execute'],
  ['GET', '/status/req-1'],
  ['GET', '/status/req-1/output'],
  ['POST', '/status/req-1/cancel'],
  ['GET', '/sessions'],
  ['GET', '/session/demo'],
  ['POST', '/session/create'],
  ['GET', '/session/demo/screen'],
  ['GET', '/session/demo/terminal'],
  ['DELETE', '/session/demo'],
  ['GET', '/health'],
  ['GET', '/no/such/path'],
  ['PUT', '/execute'],
] as const;

describe('without a valid key', () => {
  test.each(guarded)('%s %s is 401', async (method, path) => {
    await using http = await openHttpServer();
    for (const headers of [
      {},
      { 'x-api-key': '' },
      { 'x-api-key': 'wrong' },
      { 'x-api-key': `${KEY}x` },
      { authorization: 'Bearer wrong' },
      { authorization: KEY },
      { authorization: `Basic ${KEY}` },
    ]) {
      const response = await http.anonymous.fetch(path, { method, headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="gatehouse"');
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'unauthorized', error: expect.any(String) });
    }
  });

  test('a body is not even read', async () => {
    await using http = await openHttpServer();
    expect((await http.anonymous.post('/execute', '{')).status).toBe(401);
  });
});

test.each([
  ['X-API-Key', { 'x-api-key': KEY }],
  ['Authorization: Bearer', { authorization: `Bearer ${OTHER_KEY}` }],
  ['any case of bearer', { authorization: `bearer ${OTHER_KEY}` }],
])('%s lets in', async (_name, headers) => {
  await using http = await openHttpServer();
  expect((await http.anonymous.fetch('/sessions', { headers })).status).toBe(200);
});

test('with a key, an unknown path is 404 and an unknown method 405', async () => {
  await using http = await openHttpServer();
  expect((await http.api.fetch('/no/such/path')).status).toBe(404);
  expect((await http.api.fetch('/execute', { method: 'PUT' })).status).toBe(405);
});

test('with authentication off, nobody needs a key and nobody has a name', async () => {
  await using http = await openHttpServer({ auth: false, corsOrigins: [] });
  const response = await http.anonymous.post('/execute', { workspace: 'demo', command: 'x' });
  expect(response.status).toBe(202);
  expect(http.gateway.submissions[0]?.identity.user_id).toBeNull();
});
