import { describe, expect, test } from '@jest/globals';
import { openHttpServer } from '../../helpers/http-server.ts';
import { usageOf } from '../../helpers/examples.ts';

const work = { workspace: 'demo', command: 'echo hello' };

describe('GET /status/:requestId', () => {
  test('tells all of a queued request', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    await http.api.post('/execute', work);
    const response = await http.api.fetch('/status/req-2');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      requestId: 'req-2',
      workspace: 'demo',
      sessionName: 'claude-demo',
      agent: 'claude',
      source: 'http',
      priority: 'normal',
      prompt: { altered: false, how: [] },
      conversationLost: null,
      state: 'queued',
      phase: null,
      reason: null,
      retryable: null,
      error: null,
      createdAt: expect.any(Number),
      startedAt: null,
      completedAt: null,
      elapsed: expect.any(Number),
      duration: expect.any(Number),
      position: 2,
      pause: null,
      estimatedCompletionAt: null,
      retries: 0,
      output: { available: false, bytes: 0 },
      usage: null,
      usagePending: false,
      approvals: [],
      deliveries: [],
    });
  });

  test('tells how a request ended, and how long it took', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    http.gateway.end('req-1', {
      state: 'failed',
      reason: 'agent_exited',
      error: 'the agent is gone',
      text: 'hä',
      usage: usageOf(3, 1),
    });
    http.gateway.change('req-1', { createdAt: 1000, startedAt: 2000, completedAt: 5000 });
    expect(await (await http.api.fetch('/status/req-1')).json()).toMatchObject({
      state: 'failed',
      reason: 'agent_exited',
      retryable: true,
      error: 'the agent is gone',
      duration: 4000,
      position: null,
      output: { available: true, bytes: 3, text: 'hä' },
      usage: usageOf(3, 1),
    });
  });

  test.each([
    [65_536, true],
    [65_537, false],
  ])('with %i bytes of text, inline is %s', async (bytes, inline) => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    http.gateway.end('req-1', { text: 'x'.repeat(bytes) });
    const { output } = (await (await http.api.fetch('/status/req-1')).json()) as { output: object };
    expect(output).toMatchObject({ available: true, bytes });
    expect('text' in output).toBe(inline);
    expect(await (await http.api.fetch('/status/req-1/output')).text()).toHaveLength(bytes);
  });

  test('waits for the end with Prefer: wait', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    const waiting = http.gateway.nextWait();
    const answer = http.api.fetch('/status/req-1', { headers: { prefer: 'wait=60' } });
    await waiting;
    http.gateway.end('req-1');
    const response = await answer;
    expect(response.headers.get('preference-applied')).toBe('wait=60');
    expect(await response.json()).toMatchObject({ state: 'completed' });
  });

  test('answers the present state when the wait is over first', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    const response = await http.api.fetch('/status/req-1', { headers: { prefer: 'wait=0' } });
    expect(await response.json()).toMatchObject({ state: 'queued', position: 1 });
  });
});

describe('GET /status/:requestId/output', () => {
  test('is 404 while there is nothing yet, then the partial text, then all of it', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    const early = await http.api.fetch('/status/req-1/output');
    expect(early.status).toBe(404);
    expect(await early.json()).toMatchObject({ detail: expect.stringContaining('no output yet') });
    http.gateway.change('req-1', { state: 'running', phase: 'working', text: 'hel' });
    expect(await (await http.api.fetch('/status/req-1/output')).text()).toBe('hel');
    http.gateway.end('req-1', { text: '{"a":"✓"}' });
    const all = await http.api.fetch('/status/req-1/output');
    expect(all.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await all.text()).toBe('{"a":"✓"}');
  });

  test('is empty when the request ended without text', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    http.gateway.end('req-1', { state: 'cancelled' });
    const response = await http.api.fetch('/status/req-1/output');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});

describe('POST /status/:requestId/cancel', () => {
  test.each([
    ['without a body', {}],
    ['with an empty body', { headers: { 'content-type': 'application/json' } }],
    ['with an empty object', { headers: { 'content-type': 'application/json' }, body: '{}' }],
  ])('cancels %s, as often as it is asked', async (_name, init) => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    for (let time = 0; time < 2; time += 1) {
      const response = await http.api.fetch('/status/req-1/cancel', { method: 'POST', ...init });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ requestId: 'req-1', state: 'cancelled' });
    }
  });

  test('refuses a body with fields', async () => {
    await using http = await openHttpServer();
    expect((await http.api.post('/status/req-1/cancel', { force: true })).status).toBe(400);
  });
});

test.each([
  ['GET', '/status/nobody'],
  ['GET', '/status/nobody/output'],
  ['POST', '/status/nobody/cancel'],
])('%s %s is 404', async (method, path) => {
  await using http = await openHttpServer();
  const response = await http.api.fetch(path, { method });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'not_found', error: expect.stringContaining('nobody') });
});

test('waiting for a request that is not there is 404', async () => {
  await using http = await openHttpServer();
  const response = await http.api.fetch('/status/nobody', { headers: { prefer: 'wait=60' } });
  expect(response.status).toBe(404);
});
