import { describe, expect, test } from '@jest/globals';
import { createMetricsServer } from '../../../../src/http/metrics/metrics-server.ts';
import { createMetrics } from '../../../../src/metrics/metrics.ts';
import { createMemoryLog, KEY, openHttpServer } from '../../../helpers/http-server.ts';
import { sendLines, sendRaw } from '../../../helpers/raw-http.ts';

const PATHS = [
  'GET /sessions',
  'POST /execute',
  'GET /',
  'GET /livez',
  'GET /api-docs',
  'GET /nothing',
  'OPTIONS /execute',
];
const HANDSHAKE_KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const OPEN = { auth: false, corsOrigins: [] };
const WORK = '{"workspace":"demo","command":"x"}';

function upgrade(path: string): readonly string[] {
  const asks = ['Connection: Upgrade', 'Upgrade: websocket', `X-API-Key: ${KEY}`];
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', ...asks];
}

function call(port: number, line: string, headers: readonly string[], body = '') {
  const said = body === '' ? headers : [...headers, 'Content-Type: application/json'];
  return sendLines(port, [`${line} HTTP/1.1`, ...said], body);
}

describe.each([
  ['with authentication', { auth: true }],
  ['with authentication off', OPEN],
])('%s, DNS that was turned against a name', (_name, settings) => {
  test.each([
    'evil.example',
    'evil.example:3000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.1',
    '[::1',
    '',
  ])('opens nothing for a page that calls it %j, also as its own origin', async (host) => {
    await using http = await openHttpServer({ ...settings, hosts: ['gatehouse.example.org'] });
    for (const line of PATHS) {
      for (const origin of [[], [`Origin: http://${host}`]]) {
        const { status, body } = await call(http.port, line, [`Host: ${host}`, `X-API-Key: ${KEY}`, ...origin]);
        expect([line, status]).toEqual([line, 403]);
        expect(body).toMatch(/"code":"(host|origin)_refused"/);
      }
    }
    expect(http.gateway.submissions).toEqual([]);
  });

  test('opens no WebSocket', async () => {
    await using http = await openHttpServer(settings);
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', `X-API-Key: ${KEY}`];
    const key = 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==';
    for (const path of ['/stream', '/ws', '/session/demo/terminal', '/quick/ws/sessions/quick-1']) {
      const lines = [`GET ${path} HTTP/1.1`, 'Host: evil.example', ...upgrade, key];
      expect([path, (await sendLines(http.port, lines)).status]).toEqual([path, 403]);
    }
  });
});

test('a client that names no host is refused', async () => {
  await using http = await openHttpServer();
  expect((await sendLines(http.port, ['GET /livez HTTP/1.0'])).status).toBe(403);
});

test.each([
  '127.0.0.1',
  '127.0.0.1:3000',
  'localhost',
  'LocalHost:3000',
  '[::1]:3000',
  '192.0.2.7',
  '[2001:db8::1]:3000',
  'gatehouse.example.org',
  'Gatehouse.Example.ORG.:443',
])('the Host %s is this gateway', async (host) => {
  await using http = await openHttpServer({ hosts: ['gatehouse.example.org'] });
  const { status } = await call(http.port, 'POST /execute', [`Host: ${host}`, `X-API-Key: ${KEY}`], WORK);
  expect(status).toBe(202);
});

test.each(['https://evil.example', 'null', 'http://localhost:1', ''])(
  'without authentication the page %j changes nothing, not even by a form without a body',
  async (origin) => {
    await using http = await openHttpServer(OPEN);
    const accepted = await http.anonymous.post('/execute', JSON.parse(WORK));
    const at = accepted.headers.get('location') ?? '';
    for (const line of [`POST ${at}/cancel`, 'POST /session/create', 'DELETE /session/demo', 'GET /sessions']) {
      const { status, body } = await call(http.port, line, [`Host: 127.0.0.1:${http.port}`, `Origin: ${origin}`]);
      expect([line, status]).toEqual([line, 403]);
      expect(body).toContain('"code":"origin_refused"');
    }
    expect(await (await http.anonymous.fetch(at)).json()).toMatchObject({ state: 'queued' });
  },
);

test('pages of its own may call, behind a proxy as well', async () => {
  await using http = await openHttpServer({ ...OPEN, hosts: ['gatehouse.example.org'] });
  for (const [host, origin] of [
    [`127.0.0.1:${http.port}`, `http://127.0.0.1:${http.port}`],
    ['gatehouse.example.org', 'https://gatehouse.example.org'],
  ] as const) {
    const { status } = await call(http.port, 'POST /execute', [`Host: ${host}`, `Origin: ${origin}`], WORK);
    expect([origin, status]).toEqual([origin, 202]);
  }
});

test('the metrics at a port of their own are for programs that call it by a name that it has', async () => {
  const settings = { host: '127.0.0.1', port: 0, hosts: ['gatehouse'], reusePort: false };
  const server = await createMetricsServer({ metrics: createMetrics('1.2.3'), settings, log: createMemoryLog([]) });
  try {
    const { port } = await server.listen();
    const statusOf = async (...headers: readonly string[]): Promise<number> =>
      (await call(port, 'GET /metrics', headers)).status;
    expect(await statusOf('Host: gatehouse:9464')).toBe(200);
    expect(await statusOf('Host: 10.0.0.5:9464')).toBe(200);
    expect(await statusOf('Host: evil.example')).toBe(403);
    expect(await statusOf('Host: 127.0.0.1', 'Origin: http://127.0.0.1')).toBe(403);
  } finally {
    await server.close();
  }
});

describe('whose address counts', () => {
  const guess = async (port: number, from: string): Promise<number> =>
    (await call(port, 'GET /sessions', ['Host: 127.0.0.1', 'X-API-Key: wrong', `X-Forwarded-For: ${from}`])).status;

  test('is that of the connection, whatever is said about forwarding', async () => {
    await using http = await openHttpServer();
    for (let time = 0; time < 10; time += 1) expect(await guess(http.port, `192.0.2.${time}`)).toBe(401);
    expect(await guess(http.port, '192.0.2.99')).toBe(429);
  });

  test('is that which a trusted proxy tells, and not what its client made up before', async () => {
    await using http = await openHttpServer({ trustedProxies: ['127.0.0.0/8'] });
    for (let time = 0; time < 10; time += 1) expect(await guess(http.port, `198.51.100.${time}, 192.0.2.1`)).toBe(401);
    expect(await guess(http.port, '198.51.100.99, 192.0.2.1')).toBe(429);
    expect(await guess(http.port, '192.0.2.2')).toBe(401);
  });

  test('is nobody else’s where what a trusted proxy tells is no address', async () => {
    await using http = await openHttpServer({ trustedProxies: ['127.0.0.1'] });
    for (const from of ['unknown', '_hidden', '', ',,', '999.1.1.1', '[::1]:80', '\t'])
      expect([from, await guess(http.port, from)]).toEqual([from, 401]);
  });
});

test('every answer tells browsers to be careful with it', async () => {
  await using http = await openHttpServer();
  const answers = await Promise.all([
    http.api.fetch('/sessions'),
    http.anonymous.fetch('/sessions'),
    http.api.fetch('/no/such/path'),
    http.api.fetch('/session/%zz'),
    ...['/', '/terminal', '/page/key.js', '/api-docs', '/livez'].map((path) => fetch(new URL(path, http.baseUrl))),
    fetch(new URL('/api-docs', http.baseUrl), { headers: { accept: 'text/html' } }),
  ]);
  for (const { url, headers } of answers) {
    expect([url, headers.get('x-content-type-options')]).toEqual([url, 'nosniff']);
    expect([url, headers.get('x-frame-options')]).toEqual([url, 'DENY']);
    expect([url, headers.get('x-xss-protection')]).toEqual([url, '0']);
    expect([url, headers.get('referrer-policy')]).toEqual([url, 'no-referrer']);
    expect([url, headers.get('cross-origin-resource-policy')]).toEqual([url, 'same-origin']);
    expect([url, headers.get('content-security-policy')]).toEqual([url, expect.stringContaining("default-src '")]);
  }
});

test.each([
  ['a line that is too long', [`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'Host: localhost'], 400],
  ['a handshake without a key of its own', [...upgrade('/stream'), 'Sec-WebSocket-Version: 13'], 400],
  ['a handshake of another version', [...upgrade('/stream'), HANDSHAKE_KEY, 'Sec-WebSocket-Version: 99'], 400],
  ['a handshake of that on a page', [...upgrade('/terminal'), 'Sec-WebSocket-Version: 13'], 404],
])('so does that to %s', async (_what, lines, expected) => {
  await using http = await openHttpServer();
  const { status, headers, body } = await sendRaw(http.port, `${lines.join('\r\n')}\r\n\r\n`);
  expect(status).toBe(expected);
  expect(headers).toMatch(/^x-frame-options: DENY\r?$/im);
  expect(headers).toMatch(/^x-content-type-options: nosniff\r?$/im);
  expect(JSON.parse(body)).toMatchObject({ status: expected });
});

test.each(['/', '/terminal', '/livez', '/sessions'])('no WebSocket opens on %s', async (path) => {
  await using http = await openHttpServer();
  const lines = [...upgrade(path), HANDSHAKE_KEY, 'Sec-WebSocket-Version: 13'];
  const { status, body } = await sendRaw(http.port, `${lines.join('\r\n')}\r\n\r\n`);
  expect([status, body]).toEqual([404, expect.stringContaining('there is no WebSocket on this path')]);
});

test('what a key opens is kept by no cache', async () => {
  await using http = await openHttpServer();
  for (const path of ['/sessions', '/requests', '/health', '/approvals'])
    expect((await http.api.fetch(path)).headers.get('cache-control')).toBe('no-store');
});
