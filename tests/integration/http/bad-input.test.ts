import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { KEY, openHttpServer, type TestServer } from '../../helpers/http-server.ts';
import { proveAnswer } from '../../helpers/openapi-fetch.ts';

let http: TestServer;
beforeAll(async () => {
  http = await openHttpServer();
});
afterAll(() => http.server.close());

const work = { workspace: 'demo', command: 'echo hello' };
const badWorkspaces = ['', '.', '..', 'a/b', '../x', 'a\u0000b', 'a b', 'ä', 'a'.repeat(64), '-x', '_x', 'a\n', 'a.b'];

describe('POST /execute refuses', () => {
  test.each([
    ['no workspace', { command: 'x' }, 'workspace'],
    ['no command', { workspace: 'demo' }, 'command'],
    ['a number as workspace', { ...work, workspace: 7 }, 'workspace'],
    ['null as workspace', { ...work, workspace: null }, 'workspace'],
    ['a number as command', { ...work, command: 7 }, 'command'],
    ['an empty command', { ...work, command: '' }, 'command'],
    ['white space as command', { ...work, command: ' \n\t' }, 'command'],
    ['control characters as command', { ...work, command: '\u001b\u0007' }, 'command'],
    ['an unknown field', { ...work, wrokspace: 'x' }, 'wrokspace'],
    ['the wrong case', { ...work, timeoutms: 5000 }, 'timeoutms'],
    ['a string as timeoutMs', { ...work, timeoutMs: '5000' }, 'timeoutMs'],
    ['a fraction as timeoutMs', { ...work, timeoutMs: 1000.5 }, 'timeoutMs'],
    ['a timeoutMs below 1 s', { ...work, timeoutMs: 999 }, 'timeoutMs'],
    ['a timeoutMs over 24 h', { ...work, timeoutMs: 86_400_001 }, 'timeoutMs'],
    ['the priority of people', { ...work, priority: 'interactive' }, 'priority'],
    ['an unknown agent', { ...work, agent: 'gpt' }, 'agent'],
    ['a number as chatId', { ...work, chatId: 7 }, 'chatId'],
    ['an empty chatId', { ...work, chatId: '' }, 'chatId'],
    ['a replyTo over 2,056 characters', { ...work, replyTo: 'x'.repeat(2_057) }, 'replyTo'],
  ])('%s, and names the field', async (_name, body, field) => {
    const response = await http.api.post('/execute', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_field', field });
  });

  test('an empty object, and names every field that is missing', async () => {
    const response = await http.api.post('/execute', {});
    expect(await response.json()).toMatchObject({ field: 'workspace', error: 'missing: workspace, command' });
  });

  test.each(['command', 'chatId', 'replyTo'])('a lone surrogate in %s', async (field) => {
    const body = JSON.stringify({ ...work, [field]: '?' }).replace('"?"', String.raw`"\ud800"`);
    const response = await http.api.post('/execute', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field });
  });

  test.each(badWorkspaces)('the workspace %j', async (workspace) => {
    for (const path of ['/execute', '/session/create']) {
      const body = path === '/execute' ? { ...work, workspace } : { workspace };
      const response = await http.api.post(path, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ field: 'workspace' });
    }
  });

  test.each(['{', '', 'null', '[]', '"x"', '7', '{"workspace":"demo","command":"x",}', '{"__proto__":{}}'])(
    'the body %j',
    async (body) => {
      expect((await http.api.post('/execute', body)).status).toBe(400);
    },
  );

  test('a body that is not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"workspace":"demo","command":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    const headers = { 'content-type': 'application/json' };
    const response = await http.api.fetch('/execute', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'malformed_json' });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense'])(
    'the content type %s with 415',
    async (contentType) => {
      const response = await http.api.post('/execute', JSON.stringify(work), { 'content-type': contentType });
      expect(response.status).toBe(415);
    },
  );

  test('a prompt over 256 kB with 413', async () => {
    const response = await http.api.post('/execute', { ...work, command: 'x'.repeat(262_145) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'prompt_too_large', field: 'command' });
  });

  test('a body over 2 MiB with 413', async () => {
    const response = await http.api.post('/execute', { ...work, command: 'x'.repeat(2 * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'payload_too_large' });
  });
});

describe('a workspace in the path', () => {
  test.each(badWorkspaces.filter((name) => name !== ''))('is refused when it is %j', async (workspace) => {
    for (const [method, suffix] of [
      ['GET', ''],
      ['GET', '/screen'],
      ['DELETE', ''],
    ] as const) {
      // fetch would resolve the dots away before it sends them.
      const path = `/session/${encodeURIComponent(workspace)}${suffix}`;
      const response = await sendRaw(method, path);
      expect(response.status).toBe(400);
      await proveAnswer(method, path, response.clone());
      expect(await response.json()).toMatchObject({ field: 'workspace' });
    }
  });

  test('is refused when its escapes are broken', async () => {
    const response = await sendRaw('GET', '/session/%zz');
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});

test.each(['banana', '', '2'])('DELETE refuses force=%s', async (force) => {
  const response = await http.api.fetch(`/session/demo?force=${force}`, { method: 'DELETE' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ field: 'force' });
});

test('DELETE refuses a query that it does not know', async () => {
  const response = await http.api.fetch('/session/demo?froce=true', { method: 'DELETE' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ field: 'froce' });
});

test('bytes that are no HTTP are answered with a problem', async () => {
  const socket = connect(http.port, '127.0.0.1');
  socket.end('nonsense\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('application/problem+json');
});

test('a client that goes away in the middle of its body is no error of ours', async () => {
  const own = await openHttpServer();
  const socket = connect(own.port, '127.0.0.1');
  const head = `POST /execute HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${KEY}\r\nContent-Type: application/json`;
  socket.write(`${head}\r\nContent-Length: 100\r\n\r\n{`);
  // The answer on a second connection proves that the server has read the first.
  await own.api.fetch('/livez');
  socket.destroy();
  await own.server.close();
  expect(own.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(own.gateway.submissions).toEqual([]);
});

function sendRaw(method: string, path: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: http.port, method, path, headers: { 'x-api-key': KEY } },
      (answer) => {
        text(answer).then((body) => {
          const headers = new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
          resolve(new Response(body, { status: answer.statusCode ?? 0, headers }));
        }, reject);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
