import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { PROMPT_MAX_BYTES } from '../../../src/core/model/prompt.ts';
import { KEY, openHttpServer } from '../../helpers/http-server.ts';
import { createApiClient } from '../../helpers/openapi-fetch.ts';

const work = { workspace: 'demo', command: 'echo hello' };

describe('POST /execute', () => {
  test('answers 202 with the id, a Location and Retry-After', async () => {
    await using http = await openHttpServer();
    const response = await http.api.post('/execute', work);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      requestId: 'req-1',
      workspace: 'demo',
      source: 'http',
      status: 'queued',
      message: 'Command queued for execution',
    });
    expect(response.headers.get('location')).toBe('/status/req-1');
    expect(response.headers.get('retry-after')).toBe('2');
    expect(response.headers.get('idempotent-replayed')).toBeNull();
  });

  test('hands all fields to the gateway, with the key as the user', async () => {
    await using http = await openHttpServer();
    const body = { ...work, chatId: 'nightly', timeoutMs: 5000, priority: 'high', agent: 'claude', replyTo: 'x:1' };
    await http.api.post('/execute', body);
    await http.api.post('/execute', work);
    expect(http.gateway.submissions).toEqual([
      {
        workspace: 'demo',
        prompt: 'echo hello',
        promptField: 'command',
        source: 'http',
        identity: { transport: 'http', user_id: 'one', channel_id: 'nightly', thread_id: null },
        priority: 'high',
        timeoutMs: 5000,
        agent: 'claude',
        replyTo: 'x:1',
        chatId: 'nightly',
      },
      {
        workspace: 'demo',
        prompt: 'echo hello',
        promptField: 'command',
        source: 'http',
        identity: { transport: 'http', user_id: 'one', channel_id: 'http-api', thread_id: null },
        priority: 'normal',
        timeoutMs: 1_800_000,
      },
    ]);
  });

  test('passes a prompt of 256 kB on, also with every character escaped', async () => {
    await using http = await openHttpServer();
    const escaped = '\\u0041'.repeat(PROMPT_MAX_BYTES);
    const response = await http.api.post('/execute', `{"workspace":"demo","command":"${escaped}"}`);
    expect(response.status).toBe(202);
    expect(http.gateway.submissions[0]?.prompt).toBe('A'.repeat(PROMPT_MAX_BYTES));
  });

  test.each([
    ['queue_full', 429, '10'],
    ['draining', 503, '10'],
    ['agent_unavailable', 503, '60'],
    ['agent_mismatch', 409, null],
    ['idempotency_mismatch', 422, null],
    ['prompt_too_large', 413, null],
    ['invalid_field', 400, null],
  ] as const)('answers %s with %i', async (code, status, retryAfter) => {
    await using http = await openHttpServer();
    http.gateway.failNext(new GatewayError(code, 'because', { retry: 'later' }));
    const response = await http.api.post('/execute', work);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(await response.json()).toMatchObject({ code, status, error: 'because', detail: 'because' });
  });

  test('says the time that the gateway names, in whole seconds', async () => {
    await using http = await openHttpServer();
    http.gateway.failNext(new GatewayError('queue_full', 'full', { retry: { afterMs: 2500 } }));
    const response = await http.api.post('/execute', work);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toMatchObject({ retryAfter: 3 });
  });

  test('answers what nobody expected with 500, logs it, and tells nothing of it', async () => {
    await using http = await openHttpServer();
    http.gateway.failNext(new Error('the password is swordfish'));
    const response = await http.api.post('/execute', work);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('swordfish');
    expect(http.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('logs one line, without prompt and key', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    await http.server.close();
    expect(http.lines).toEqual([
      {
        level: 'info',
        event: 'http.request',
        fields: {
          ...{ method: 'POST', route: '/execute', status: 202, ms: expect.any(Number) },
          ...{ keyId: 'one', requestId: 'req-1' },
        },
      },
    ]);
  });
});

describe('Idempotency-Key', () => {
  test('answers the first request again, whatever the order of the fields, with its current state', async () => {
    await using http = await openHttpServer();
    const headers = { 'idempotency-key': 'abc' };
    await http.api.post('/execute', work, headers);
    http.gateway.change('req-1', { state: 'running', phase: 'working' });
    const again = await http.api.post('/execute', { command: work.command, workspace: work.workspace }, headers);
    expect(again.status).toBe(202);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.json()).toMatchObject({ requestId: 'req-1', status: 'running' });
  });

  test('refuses another body under the same key with 422', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work, { 'idempotency-key': 'abc' });
    const other = await http.api.post('/execute', { ...work, command: 'other' }, { 'idempotency-key': 'abc' });
    expect(other.status).toBe(422);
  });

  test('belongs to the API key that sent it', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work, { 'idempotency-key': 'abc' });
    expect(http.gateway.submissions[0]?.idempotency).toEqual({
      owner: 'one',
      key: 'abc',
      field: 'Idempotency-Key',
      bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test.each(['', 'a b', 'é', 'x'.repeat(256)])('refuses %j with 400 and names the header', async (value) => {
    await using http = await openHttpServer();
    const response = await http.api.post('/execute', work, { 'idempotency-key': value });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field: 'Idempotency-Key' });
    expect(http.gateway.submissions).toEqual([]);
  });
});

describe('Prefer: wait', () => {
  test('answers 200 with the status document when the request ends in time', async () => {
    await using http = await openHttpServer();
    const waiting = http.gateway.nextWait();
    const answer = http.api.post('/execute', work, { prefer: 'wait=60' });
    await waiting;
    http.gateway.end('req-1', { text: 'hello' });
    const response = await answer;
    expect(response.status).toBe(200);
    expect(response.headers.get('preference-applied')).toBe('wait=60');
    expect(await response.json()).toMatchObject({ state: 'completed', output: { text: 'hello', bytes: 5 } });
  });

  test('answers 202 when it does not', async () => {
    await using http = await openHttpServer();
    const response = await http.api.post('/execute', work, { prefer: 'respond-async, wait=0' });
    expect(response.status).toBe(202);
    expect(response.headers.get('preference-applied')).toBe('wait=0');
  });

  test('waits for 60 s at most', async () => {
    await using http = await openHttpServer();
    const waiting = http.gateway.nextWait();
    const answer = http.api.post('/execute', work, { prefer: 'wait=86400' });
    await waiting;
    http.gateway.end('req-1');
    expect((await answer).headers.get('preference-applied')).toBe('wait=60');
  });

  test.each(['wait', 'wait=', 'wait=-1', 'wait=soon', 'wait=1.5', ',,;', '"'])('ignores %j', async (prefer) => {
    await using http = await openHttpServer();
    const response = await http.api.post('/execute', work, { prefer });
    expect(response.status).toBe(202);
    expect(response.headers.get('preference-applied')).toBeNull();
    expect(http.gateway.waits).toEqual([]);
  });

  test('stops waiting when the client goes away', async () => {
    await using http = await openHttpServer();
    const waiting = http.gateway.nextWait();
    const client = new AbortController();
    const answer = fetch(new URL('/execute', http.baseUrl), {
      method: 'POST',
      signal: client.signal,
      headers: { 'x-api-key': KEY, 'content-type': 'application/json', prefer: 'wait=60' },
      body: JSON.stringify(work),
    });
    const signal = await waiting;
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
    client.abort();
    await expect(answer).rejects.toThrow();
    await stopped;
  });

  test('is answered with what is known when the server closes', async () => {
    const http = await openHttpServer();
    const waiting = http.gateway.nextWait();
    const answer = createApiClient({ baseUrl: http.baseUrl, key: KEY }).post('/execute', work, { prefer: 'wait=60' });
    await waiting;
    await http.server.close();
    const response = await answer;
    expect(response.status).toBe(202);
    expect(response.headers.get('connection')).toBe('close');
  });
});
