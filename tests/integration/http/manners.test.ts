import { describe, expect, test } from '@jest/globals';
import { KEY, openHttpServer } from '../../helpers/http-server.ts';

const withKey = { 'x-api-key': KEY };
const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('A10: a path that is known', () => {
  test.each([
    ['PUT', '/health', 'GET, HEAD'],
    ['DELETE', '/execute', 'POST'],
    ['PATCH', '/session/demo', 'DELETE, GET, HEAD'],
    ['POST', '/status/req-1/', 'GET, HEAD'],
  ])('answers %s %s with 405 and the methods that it has', async (method, path, allow) => {
    await using http = await openHttpServer();
    const refused = await http.api.fetch(path, { method });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
    expect(await refused.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  test('is not known to who has no key, nor is any other', async () => {
    await using http = await openHttpServer();
    expect((await http.anonymous.fetch('/health', { method: 'PUT' })).status).toBe(401);
    expect((await http.api.fetch('/no/such/path', { method: 'PUT' })).status).toBe(404);
  });

  test('is the same with a slash at its end', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', { workspace: 'demo', command: 'x' });
    for (const path of ['/health/', '/sessions/', '/session/demo/', '/livez/', '/terminal/', '/api-docs/']) {
      expect([path, (await fetch(new URL(path, http.baseUrl), { headers: withKey })).status]).toEqual([path, 200]);
    }
  });

  test('answers HEAD where it answers GET, without a body', async () => {
    await using http = await openHttpServer();
    const { headers } = await http.api.post('/execute', { workspace: 'demo', command: 'x' });
    const at = headers.get('location') ?? '';
    for (const path of ['/', '/health', '/sessions', '/requests', '/status', at, `${at}/events`, '/approvals']) {
      const answer = await fetch(new URL(path, http.baseUrl), { method: 'HEAD', headers: withKey });
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, '']);
    }
  });
});

describe('A10: GET /', () => {
  test('tells a program what answers, without a key', async () => {
    await using http = await openHttpServer();
    const answer = await fetch(http.baseUrl);
    expect(await answer.json()).toMatchObject({ name: 'Gatehouse', docs: '/api-docs' });
  });

  test('leads a browser to a page', async () => {
    await using http = await openHttpServer();
    const answer = await fetch(http.baseUrl, { headers: page });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });
});

describe('a look without news', () => {
  test('costs 304, also while the request waits and time passes', async () => {
    await using http = await openHttpServer();
    const { headers } = await http.api.post('/execute', { workspace: 'demo', command: 'x' });
    const at = headers.get('location') ?? '';
    const first = await http.api.fetch(at);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/"[0-9a-f]{32}"$/);
    const again = await http.api.fetch(at, { headers: { 'if-none-match': tag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
    expect((await http.api.fetch(at, { headers: { 'if-none-match': `"other", ${tag}` } })).status).toBe(304);
    http.gateway.end(http.gateway.accepted[0]?.id ?? '', { state: 'completed', text: 'done' });
    const news = await http.api.fetch(at, { headers: { 'if-none-match': tag } });
    expect([news.status, await news.json()]).toMatchObject([200, { state: 'completed' }]);
  });

  test('of the bot, too', async () => {
    await using http = await openHttpServer();
    const tag = (await http.api.fetch('/status')).headers.get('etag') ?? '';
    expect((await http.api.fetch('/status', { headers: { 'if-none-match': tag } })).status).toBe(304);
  });
});
