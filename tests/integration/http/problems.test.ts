import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { ruleOf } from '../../../src/http/answers/validation.ts';
import { openHttpServer } from '../../helpers/http-server.ts';
import { openBotRig } from './bot-rig.ts';
import { withStreams } from './streams-house.ts';

const work = { workspace: 'demo', command: 'echo hello' };

describe('A5: a problem has its way out beside the error', () => {
  test('as seed 003 has it for a session with work', async () => {
    await using http = await openHttpServer();
    await http.api.post('/execute', work);
    const refused = await http.api.fetch('/session/demo', { method: 'DELETE' });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      error: 'Session has 1 active requests',
      message: 'Use ?force=true to terminate anyway',
    });
  });

  test('and for a mistake of the gateway', async () => {
    await using http = await openHttpServer();
    http.gateway.failNext(new Error('secret'));
    const failed = await http.api.post('/execute', work);
    expect(failed.status).toBe(500);
    expect(await failed.json()).toMatchObject({
      error: 'Internal server error',
      message: expect.stringContaining('log of the gateway'),
    });
  });

  test('and for all others', async () => {
    await using http = await openHttpServer();
    http.gateway.failNext(new GatewayError('draining', 'This gateway is stopping'));
    const refused = [
      await http.api.post('/execute', work),
      await http.api.post('/execute', {}),
      await http.anonymous.fetch('/sessions'),
      await http.api.fetch('/status/unknown'),
    ];
    for (const response of refused) {
      expect(await response.json()).toMatchObject({ message: expect.stringMatching(/^[A-Z].{10,}/) });
    }
  });
});

describe('A11: what does not fit a pattern is told in a sentence', () => {
  test('for a workspace, wherever it is sent', async () => {
    await using http = await openHttpServer();
    const workspace = 'my.project';
    const refused = [
      await http.api.post('/execute', { ...work, workspace }),
      await http.api.post('/session/create', { workspace }),
      await http.api.fetch(`/session/${workspace}`),
      await http.api.fetch(`/requests?workspace=${workspace}`),
    ];
    for (const response of refused) {
      expect(await response.json()).toMatchObject({
        field: 'workspace',
        error: 'workspace: a workspace is 1 to 63 letters, digits, _ and -, and begins with a letter or digit',
      });
    }
  });

  test('for every pattern of the document', () => {
    const document = readFileSync(new URL('../../../openapi.yaml', import.meta.url), 'utf8');
    const patterns = new Set<unknown>();
    JSON.stringify(parse(document), (key, value: unknown) => {
      if (key === 'pattern') patterns.add(value);
      return value;
    });
    expect(patterns.size).toBeGreaterThan(2);
    expect([...patterns].filter((pattern) => ruleOf(pattern) === undefined)).toEqual([]);
  });
});

describe('A12: an error names what was sent', () => {
  test('a task_id that came with another command', async () => {
    await using rig = await openBotRig();
    await rig.api.post('/api/task', { task_id: 'T', command: 'one' });
    const refused = await rig.api.post('/api/task', { task_id: 'T', command: 'two' });
    const problem = (await refused.json()) as { readonly title: string };
    expect(problem).toMatchObject({ status: 422, field: 'task_id', detail: expect.stringContaining('task_id') });
    expect(JSON.stringify(problem)).not.toContain('Idempotency-Key');
  });

  test('a frame that is not JSON', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send('{');
    expect(await client.gets({ type: 'error' })).toMatchObject({ code: 'malformed_json', field: null });
    await client.close();
  });

  test.each([
    ['Last-Event-ID', { 'last-event-id': '999999' }, ''],
    ['after', {}, '?after=999999'],
  ])('a place ahead of all events, by %s', (field, headers, query) =>
    withStreams(async (house) => {
      await house.begin('r');
      const refused = await house.api.fetch(`/status/r/events${query}`, { headers });
      expect(await refused.json()).toMatchObject({ code: 'cursor_ahead', field });
    }),
  );

  test.each(['?force', '?force=', '?force=yes'])('DELETE with %s', async (query) => {
    await using http = await openHttpServer();
    const refused = await http.api.fetch(`/session/demo${query}`, { method: 'DELETE' });
    expect(await refused.json()).toMatchObject({ field: 'force', error: 'force must be true or false' });
  });

  test.each([
    ['GET', '/requests?limit=1&limit=2', 'limit'],
    ['GET', '/requests?state=failed&state=running', 'state'],
    ['GET', '/approvals?workspace=a&workspace=b', 'workspace'],
    ['DELETE', '/session/demo?force=true&force=true', 'force'],
  ])('%s %s: a field of a query that was sent twice', async (method, path, field) => {
    await using http = await openHttpServer();
    const refused = await http.api.fetch(path, { method });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ field, error: `${field} was sent more than once: send it once` });
  });

  test.each([
    ['/execute', { workspace: 'a', command: '' }, 'command is empty: send its text'],
    ['/api/task', { task_id: '', command: 'x' }, 'task_id is empty: send its text'],
    ['/webhooks', { url: 'https://example.org', events: [] }, 'events is empty: send at least one'],
  ])('what is empty, at %s', async (path, body, error) => {
    await using http = await openHttpServer();
    expect(await (await http.api.post(path, body)).json()).toMatchObject({ code: 'invalid_field', error });
  });

  test('a number that is no whole one', async () => {
    await using http = await openHttpServer();
    const refused = await http.api.fetch('/requests?limit=1.5');
    expect(await refused.json()).toMatchObject({ field: 'limit', error: 'limit must be a whole number' });
  });
});
