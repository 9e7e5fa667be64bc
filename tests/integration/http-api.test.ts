import { connect } from 'node:net';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../helpers/until.ts';
import { openGatewayRig, TEST_KEY, type GatewayRig } from '../helpers/gateway-rig.ts';

describe('the HTTP API over a real socket', () => {
  let rig: GatewayRig;
  beforeAll(async () => {
    rig = await openGatewayRig();
  });
  afterAll(() => rig.close());

  const execute = (json: unknown, headers: Record<string, string> = {}) =>
    rig.call('POST', '/execute', { json, headers });

  describe('what bad input gets', () => {
    test.each([
      ['no workspace', { command: 'x' }, 'workspace'],
      ['no command', { workspace: 'w' }, 'command'],
      ['a command of the wrong type', { workspace: 'w', command: 7 }, 'command'],
      ['a workspace of the wrong type', { workspace: 7, command: 'x' }, 'workspace'],
      ['an unknown field', { workspace: 'w', command: 'x', extra: 1 }, 'extra'],
      ['an empty command', { workspace: 'w', command: '' }, 'command'],
      ['a white-space command', { workspace: 'w', command: ' \n\t ' }, 'command'],
      ['a command of control characters', { workspace: 'w', command: '\u0000\u001b' }, 'command'],
      ['a lone surrogate', { workspace: 'w', command: 'a\ud800b' }, 'command'],
      ['a workspace ..', { workspace: '..', command: 'x' }, 'workspace'],
      ['a workspace with a slash', { workspace: 'a/b', command: 'x' }, 'workspace'],
      ['a workspace with NUL', { workspace: 'a\u0000b', command: 'x' }, 'workspace'],
      ['a workspace with a line end', { workspace: 'a\n', command: 'x' }, 'workspace'],
      ['a workspace of 64 characters', { workspace: 'a'.repeat(64), command: 'x' }, 'workspace'],
      ['a workspace with a leading dash', { workspace: '-a', command: 'x' }, 'workspace'],
      ['a time-out of text', { workspace: 'w', command: 'x', timeoutMs: '5000' }, 'timeoutMs'],
      ['a time-out below a second', { workspace: 'w', command: 'x', timeoutMs: 999 }, 'timeoutMs'],
      ['a time-out over a day', { workspace: 'w', command: 'x', timeoutMs: 86_400_001 }, 'timeoutMs'],
      ['a broken time-out', { workspace: 'w', command: 'x', timeoutMs: 1000.5 }, 'timeoutMs'],
      ['an unknown priority', { workspace: 'w', command: 'x', priority: 'interactive' }, 'priority'],
      ['an unknown agent', { workspace: 'w', command: 'x', agent: 'other' }, 'agent'],
    ])('%s is refused by the name of the field', async (_name, json, field) => {
      const answer = await execute(json);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ status: 400, field, error: expect.any(String) });
    });

    test.each([
      ['no JSON', '{', 400],
      ['an array', '[]', 400],
      ['a number', '7', 400],
      ['nothing', '', 400],
    ])('a body that is %s is refused', async (_name, raw, status) => {
      expect((await rig.call('POST', '/execute', { raw })).status).toBe(status);
    });

    test('a wrong content type is 415', async () => {
      const answer = await rig.call('POST', '/execute', {
        raw: 'workspace=w',
        headers: { 'content-type': 'text/plain' },
      });
      expect(answer.status).toBe(415);
    });

    test('a command over 256 kB is 413, one of exactly 256 kB is not', async () => {
      expect((await execute({ workspace: 'w', command: 'x'.repeat(262_145) })).status).toBe(413);
      expect((await execute({ workspace: 'w', command: 'ä'.repeat(131_073) })).status).toBe(413);
      expect((await execute({ workspace: 'w', command: 'x'.repeat(10_000_000) })).status).toBe(413);
    });

    test.each([
      ['GET', '/status/req-unknown'],
      ['GET', '/status/req-unknown/output'],
      ['POST', '/status/req-unknown/cancel'],
      ['GET', '/session/unknown'],
      ['GET', '/session/unknown/screen'],
      ['DELETE', '/session/unknown'],
      ['GET', '/no-such-route'],
    ])('%s %s is 404', async (method, route) => {
      expect((await rig.call(method, route)).status).toBe(404);
    });

    test('a workspace that is a link out of the root is refused', async () => {
      await mkdir(path.join(rig.root, 'workspaces'), { recursive: true });
      await symlink('/tmp', path.join(rig.root, 'workspaces', 'linked'));
      const answer = await execute({ workspace: 'linked', command: 'x' });
      expect(answer.status).toBe(400);
      expect(answer.body.field).toBe('workspace');
    });

    test('an Idempotency-Key of 256 characters is refused', async () => {
      const answer = await execute({ workspace: 'w', command: 'x' }, { 'idempotency-key': 'k'.repeat(256) });
      expect(answer.body).toMatchObject({ status: 400, field: 'Idempotency-Key' });
    });

    test('nothing of all that was stored', async () => {
      expect((await rig.call('GET', '/sessions')).body).toEqual({ sessions: [], total: 0 });
    });
  });

  describe('keys', () => {
    test.each([['/health'], ['/sessions'], ['/status/x'], ['/no-such-route']])(
      '%s without a key is 401',
      async (route) => {
        const answer = await rig.call('GET', route, { key: null });
        expect(answer.status).toBe(401);
        expect(answer.body.error).toBe('Unauthorized');
      },
    );

    test('a wrong key is 401, the right one as bearer is let in', async () => {
      expect((await rig.call('GET', '/sessions', { key: 'wrong-key' })).status).toBe(401);
      const bearer = await rig.call('GET', '/sessions', {
        key: null,
        headers: { authorization: `Bearer ${TEST_KEY}` },
      });
      expect(bearer.status).toBe(200);
    });

    test('probes and docs need none', async () => {
      for (const route of ['/livez', '/readyz', '/api-docs']) {
        expect((await rig.call('GET', route, { key: null })).status).toBe(200);
      }
    });
  });

  test('/api-docs is a page for people and the document for programs', async () => {
    const page = await rig.call('GET', '/api-docs', { headers: { accept: 'text/html' }, key: null });
    expect(page.headers.get('content-type')).toContain('text/html');
    const json = await rig.call('GET', '/api-docs', { headers: { accept: '*/*' }, key: null });
    expect(json.body.openapi).toBe('3.1.0');
    expect(Object.keys(json.body.paths)).toContain('/execute');
  });

  test('CORS lets any origin read, without credentials, and exposes what clients need', async () => {
    const preflight = await fetch(`${rig.baseUrl}/execute`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://a.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-api-key',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await rig.call('GET', '/sessions', { headers: { origin: 'https://a.example' } });
    expect(answer.headers.get('access-control-expose-headers')).toContain('Location');
  });

  test('the same Idempotency-Key brings the same request back, two at once too; another body is 422', async () => {
    const json = { workspace: 'same', command: 'once only' };
    const headers = { 'idempotency-key': 'key-1' };
    const answers = await Promise.all([
      execute(json, headers),
      execute({ command: 'once only', workspace: 'same' }, headers),
    ]);
    expect(new Set(answers.map((answer) => answer.body.requestId)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotent-replayed') === 'true')).toHaveLength(1);
    expect((await execute({ ...json, command: 'other' }, headers)).status).toBe(422);
    const id = answers[0]?.body.requestId as string;
    expect((await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=30' } })).body.state).toBe('completed');
    expect(rig.model.count('once only')).toBe(1);
  });

  test('POST /execute answers 202 with Location and Retry-After', async () => {
    const answer = await execute({ workspace: 'same', command: 'say it' });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ workspace: 'same', status: 'queued', message: expect.any(String) });
    expect(answer.headers.get('location')).toBe(`/status/${answer.body.requestId}`);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const output = await rig.call('GET', `/status/${answer.body.requestId}`, { headers: { prefer: 'wait=30' } });
    expect(output.headers.get('preference-applied')).toBe('wait=30');
    expect((await rig.call('GET', `/status/${answer.body.requestId}/output`)).text).toBe('echo: say it');
  });

  test('POST /session/create is 201 for a new session and 200 for an existing one', async () => {
    expect((await rig.call('POST', '/session/create', { json: { workspace: 'made' } })).status).toBe(201);
    expect((await rig.call('POST', '/session/create', { json: { workspace: 'made' } })).status).toBe(200);
    const listed = (await rig.call('GET', '/sessions')).body.sessions as { workspace: string; sessionName: string }[];
    expect(listed.find((session) => session.workspace === 'made')?.sessionName).toBe('claude-made');
    expect((await rig.call('DELETE', '/session/made')).status).toBe(200);
  });
});

describe('limits', () => {
  test('the 101st request of a key in a minute is 429, and another caller is not held back', async () => {
    const rig = await openGatewayRig({ env: { RATE_LIMIT_MAX: '100' } });
    try {
      const statuses = await Promise.all(Array.from({ length: 101 }, () => rig.call('GET', '/sessions')));
      expect(statuses.filter((answer) => answer.status === 200)).toHaveLength(100);
      const limited = statuses.filter((answer) => answer.status === 429);
      expect(limited).toHaveLength(1);
      expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(limited[0]?.headers.get('ratelimit-limit')).toBe('100');
      expect((await rig.call('GET', '/livez')).status).toBe(200);
    } finally {
      await rig.close();
    }
  });

  test('a full queue is 429 with Retry-After', async () => {
    const rig = await openGatewayRig({
      env: { QUEUE_MAX: '2', MAX_RUNNING_TURNS: '1' },
      script: () => new Promise(() => {}),
    });
    try {
      const answers = [];
      for (let index = 0; index < 4; index += 1)
        answers.push(await rig.call('POST', '/execute', { json: { workspace: 'w', command: `p${index}` } }));
      expect(answers.at(-1)?.status).toBe(429);
      expect(answers.at(-1)?.headers.get('retry-after')).toBe('5');
    } finally {
      await rig.close();
    }
  });

  test('without credentials a request fails at once with agent_unavailable, and health is degraded', async () => {
    const rig = await openGatewayRig({ env: { ANTHROPIC_API_KEY: '' } });
    try {
      expect(await rig.run('w', 'hello')).toMatchObject({ state: 'failed', reason: 'agent_unavailable' });
      expect((await rig.call('GET', '/health')).status).toBe(503);
    } finally {
      await rig.close();
    }
  });

  test('an agent that exits at start fails the request with the last lines of its screen', async () => {
    const rig = await openGatewayRig({ env: { CLAUDE_BIN: '/bin/false' } });
    try {
      expect(await rig.run('w', 'hello')).toMatchObject({ state: 'failed', reason: 'agent_exited' });
    } finally {
      await rig.close();
    }
  });

  test('a second gateway on the same data folder names the pid of the first', async () => {
    const rig = await openGatewayRig();
    try {
      await expect(openGatewayRig({ env: { DATA_DIR: path.join(rig.root, 'data') } })).rejects.toThrow(
        `pid ${process.pid}`,
      );
    } finally {
      await rig.close();
    }
  });

  test('a taken port ends the start, and its variable is named', async () => {
    const rig = await openGatewayRig();
    try {
      const port = String(rig.gateway.injectAddress?.port);
      await expect(openGatewayRig({ env: { TASK_API_PORT: port } })).rejects.toThrow(/^TASK_API_PORT: port \d+ on 127/);
      const http = String(rig.gateway.httpAddress?.port);
      await expect(openGatewayRig({ env: { HTTP_API_PORT: http } })).rejects.toThrow(/^HTTP_API_PORT: port \d+ on 127/);
    } finally {
      await rig.close();
    }
  });

  test('the injection API stands beside the HTTP API, each without the other', async () => {
    const rig = await openGatewayRig({ env: { HTTP_API_ENABLED: 'false' } });
    try {
      expect(rig.gateway.httpAddress).toBeNull();
      const health = await fetch(`http://127.0.0.1:${rig.gateway.injectAddress?.port}/health`);
      expect(await health.json()).toEqual({ status: 'ok', sessions: 0, factory_registered: false });
    } finally {
      await rig.close();
    }
    const other = await openGatewayRig({ env: { TASK_API_ENABLED: 'false' } });
    expect(other.gateway.injectAddress).toBeNull();
    await other.close();
  });

  test('closing answers a caller who waits, and ends idle connections', async () => {
    const rig = await openGatewayRig({ script: () => new Promise(() => {}) });
    const idle = connect(Number(new URL(rig.baseUrl).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const gone = new Promise((resolve) => idle.once('close', resolve));
    const waiting = rig.call('POST', '/execute', {
      json: { workspace: 'w', command: 'x' },
      headers: { prefer: 'wait=60' },
    });
    await until(async () => (await rig.call('GET', '/sessions')).body.total === 1);
    await rig.close();
    expect((await waiting).status).toBe(202);
    await gone;
  });
});
