import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { openHttpServer } from '../../helpers/http-server.ts';

const work = { workspace: 'demo', command: 'echo hello' };

test('POST /session/create answers 201 for a new session and 200 for a known one', async () => {
  await using http = await openHttpServer();
  const first = await http.api.post('/session/create', { workspace: 'demo', agent: 'claude' });
  expect(first.status).toBe(201);
  expect(await first.json()).toMatchObject({ workspace: 'demo', sessionName: 'claude-demo', status: 'asleep' });
  expect((await http.api.post('/session/create', { workspace: 'demo' })).status).toBe(200);
});

test.each([
  ['agent_mismatch', 409],
  ['draining', 503],
] as const)('POST /session/create answers %s with %i', async (code, status) => {
  await using http = await openHttpServer();
  http.gateway.failNext(new GatewayError(code, 'because'));
  expect((await http.api.post('/session/create', { workspace: 'demo' })).status).toBe(status);
});

test('GET /sessions lists all sessions with their counts', async () => {
  await using http = await openHttpServer();
  expect(await (await http.api.fetch('/sessions')).json()).toEqual({ sessions: [], total: 0 });
  await http.api.post('/execute', work);
  await http.api.post('/execute', { ...work, workspace: 'other' });
  expect(await (await http.api.fetch('/sessions')).json()).toMatchObject({
    total: 2,
    sessions: [
      { workspace: 'demo', activeRequests: 1, totalRequests: 1 },
      { workspace: 'other', activeRequests: 1, totalRequests: 1 },
    ],
  });
});

test('GET /session/:workspace answers one session, or 404', async () => {
  await using http = await openHttpServer();
  await http.api.post('/execute', work);
  expect(await (await http.api.fetch('/session/demo')).json()).toMatchObject({ workspace: 'demo' });
  expect((await http.api.fetch('/session/nobody')).status).toBe(404);
});

test('GET /session/:workspace/screen answers the pane as text, 409 while asleep, 404 when unknown', async () => {
  await using http = await openHttpServer();
  await http.api.post('/session/create', { workspace: 'demo' });
  expect((await http.api.fetch('/session/demo/screen')).status).toBe(409);
  http.gateway.setScreen('demo', '╭──╮\n│ > │');
  const response = await http.api.fetch('/session/demo/screen');
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.text()).toBe('╭──╮\n│ > │');
  expect((await http.api.fetch('/session/nobody/screen')).status).toBe(404);
});

describe('DELETE /session/:workspace', () => {
  test('is 409 while requests are active, and 200 when forced', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    for (const path of ['/session/demo', '/session/demo?force=false']) {
      const refused = await http.api.fetch(path, { method: 'DELETE' });
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({ code: 'session_busy', error: expect.stringContaining('1 active') });
    }
    const deleted = await http.api.fetch('/session/demo?force=true', { method: 'DELETE' });
    expect(deleted.status).toBe(200);
    expect(await deleted.json()).toEqual({ workspace: 'demo', status: 'deleted' });
    expect(await (await http.api.fetch('/status/req-1')).json()).toMatchObject({ reason: 'session_deleted' });
  });

  test('needs no force for an idle session, and is 404 afterwards', async () => {
    await using http = await openHttpServer();
    await http.api.post('/session/create', { workspace: 'demo' });
    expect((await http.api.fetch('/session/demo', { method: 'DELETE' })).status).toBe(200);
    expect((await http.api.fetch('/session/demo', { method: 'DELETE' })).status).toBe(404);
  });
});
