import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { createFakeGateway, type FakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { KEY, openHttpServer, type TestServer } from '../../helpers/http-server.ts';
import {
  connectTerminal,
  refusedUpgrade,
  type ConnectOptions,
  type TerminalClient,
} from '../../helpers/terminal-client.ts';
import { until } from '../../helpers/until.ts';

const withKey = { 'x-api-key': KEY };
const keyProtocol = `gatehouse.key.${Buffer.from(KEY).toString('base64url')}`;

async function withSession(): Promise<FakeGateway> {
  const gateway = createFakeGateway();
  await gateway.sessions.create('demo', undefined);
  return gateway;
}

const urlOf = (http: TestServer, query = ''): string => `${http.baseUrl}/session/demo/terminal${query}`;
const connect = (
  http: TestServer,
  query = '',
  options: ConnectOptions = { headers: withKey },
): Promise<TerminalClient> => connectTerminal(urlOf(http, query), options);

describe('who is let in', () => {
  test.each([
    ['nobody', {}],
    ['a wrong key', { 'x-api-key': 'wrong' }],
    ['a wrong key as subprotocol', { 'sec-websocket-protocol': 'gatehouse.terminal, gatehouse.key.d3Jvbmc' }],
    ['a key in the URL', {}, `?key=${KEY}`],
  ])('%s is refused before the upgrade, with a problem', async (_name, headers, query = '') => {
    await using http = await openHttpServer({}, await withSession());
    const refused = await refusedUpgrade(urlOf(http, query), headers);
    expect(refused).toMatchObject({ status: 401, body: { code: 'unauthorized', error: 'Unauthorized' } });
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="gatehouse"');
    expect(http.gateway.opened).toEqual([]);
  });

  test.each([
    ['X-API-Key', { headers: withKey }],
    ['Authorization: Bearer', { headers: { authorization: `Bearer ${KEY}` } }],
    ['the subprotocol of browsers', { protocols: ['gatehouse.terminal', keyProtocol] }],
  ])('%s lets in', async (_name, options: ConnectOptions) => {
    await using http = await openHttpServer({}, await withSession());
    const client = await connect(http, '', options);
    expect(client.messages).toEqual([{ type: 'opened', readOnly: true, columns: 200, rows: 51 }]);
    await client.close();
  });

  test('the key among the subprotocols is not said back, and not logged', async () => {
    await using http = await openHttpServer({}, await withSession());
    const client = await connect(http, '', { protocols: [keyProtocol, 'gatehouse.terminal'] });
    expect(client.socket.protocol).toBe('gatehouse.terminal');
    await client.close();
    await refusedUpgrade(`${http.baseUrl}/session/nobody/terminal`, {
      'sec-websocket-protocol': `gatehouse.terminal, ${keyProtocol}`,
    });
    const logged = JSON.stringify(http.lines);
    expect(logged).toContain('/session/:workspace/terminal');
    expect(logged).not.toContain(KEY);
    expect(logged).not.toContain(keyProtocol);
  });

  test('wrong keys are counted as on every route', async () => {
    await using http = await openHttpServer({ rateLimitMax: 1 }, await withSession());
    expect((await refusedUpgrade(urlOf(http))).status).toBe(401);
    expect(await refusedUpgrade(urlOf(http))).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    await (await connect(http)).close();
  });
});

describe('pages of other origins', () => {
  const origin = 'https://app.example';

  test.each([
    ['with authentication', true, ['https://other.example'], withKey],
    ['with authentication and no origins', true, [], withKey],
    ['without authentication', false, [], {}],
  ])('are refused %s', async (_name, auth, corsOrigins, headers) => {
    await using http = await openHttpServer({ auth, corsOrigins }, await withSession());
    const refused = await refusedUpgrade(urlOf(http), { ...headers, origin });
    expect(refused).toMatchObject({ status: 403, body: { code: 'origin_refused' } });
    expect(http.gateway.opened).toEqual([]);
  });

  test.each([
    ['that are named', [origin]],
    ['with all allowed, by their key', ['*']],
  ])('%s are let in', async (_name, corsOrigins) => {
    await using http = await openHttpServer({ corsOrigins }, await withSession());
    await (await connect(http, '', { headers: { ...withKey, origin } })).close();
  });

  test('our own pages are let in, also without any allowed origin', async () => {
    await using http = await openHttpServer({ auth: false, corsOrigins: [] }, await withSession());
    await (await connect(http, '', { headers: { origin: http.baseUrl } })).close();
  });
});

describe('what is refused before the upgrade', () => {
  test.each([
    ['?write=maybe', 'write'],
    ['?columns=59', 'columns'],
    ['?columns=501', 'columns'],
    ['?rows=20', 'rows'],
    ['?rows=x', 'rows'],
    ['?colums=80', 'colums'],
  ])('%s', async (query, field) => {
    await using http = await openHttpServer({}, await withSession());
    const refused = await refusedUpgrade(urlOf(http, query), withKey);
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_field', field } });
  });

  test.each([
    ['no_screen', 409],
    ['terminal_read_only', 403],
    ['too_many_terminals', 429],
    ['terminal_unavailable', 501],
    ['draining', 503],
  ] as const)('%s with %i', async (code, status) => {
    await using http = await openHttpServer({}, await withSession());
    http.gateway.failNext(new GatewayError(code, 'because'));
    expect(await refusedUpgrade(urlOf(http), withKey)).toMatchObject({ status, body: { code, detail: 'because' } });
  });

  test('an unknown session', async () => {
    await using http = await openHttpServer();
    expect(await refusedUpgrade(urlOf(http), withKey)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('a request without an upgrade is told to make one, and opens nothing', async () => {
    await using http = await openHttpServer({}, await withSession());
    const response = await http.api.fetch('/session/demo/terminal');
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
    expect(http.gateway.opened).toEqual([]);
  });

  test('a handshake that is none closes the terminal that was opened for it', async () => {
    await using http = await openHttpServer({}, await withSession());
    const broken = { ...withKey, 'sec-websocket-key': 'short' };
    expect((await refusedUpgrade(urlOf(http), broken)).status).toBe(400);
    await until(() => http.gateway.opened[0]?.isClosed());
  });
});

test('clients that offer to go on in HTTP/2 are answered as before', async () => {
  await using http = await openHttpServer({}, await withSession());
  const headers = { ...withKey, connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': '' };
  expect(await refusedUpgrade(`${http.baseUrl}/sessions`, headers)).toMatchObject({ status: 200, body: { total: 1 } });
});

describe('between client and terminal', () => {
  test('output comes as bytes, from the first one on', async () => {
    const gateway = await withSession();
    await using http = await openHttpServer({}, gateway);
    const client = await connect(http);
    gateway.opened[0]?.print('\u001b[1mgrüße\u001b[0m 🦊');
    await client.sees('grüße 🦊');
    await client.close();
  });

  test('keys go to the terminal as they are', async () => {
    await using http = await openHttpServer({}, await withSession());
    const client = await connect(http, '?write=true');
    expect(client.messages[0]).toMatchObject({ readOnly: false });
    client.send('héllo\r\u001b');
    await until(() => http.gateway.opened[0]?.written.join('') === 'héllo\r\u001b');
    await client.close();
  });

  test('the size is that of the query, then that of the last resize', async () => {
    await using http = await openHttpServer({}, await withSession());
    const client = await connect(http, '?columns=80&rows=30');
    expect(http.gateway.opened[0]?.spec).toMatchObject({ columns: 80, rows: 30, readOnly: true });
    client.say({ type: 'resize', columns: 120, rows: 40 });
    await until(() => http.gateway.opened[0]?.sizes.length === 1);
    expect(http.gateway.opened[0]?.sizes).toEqual([{ columns: 120, rows: 40 }]);
    await client.close();
  });

  test.each([
    ['no JSON', '{', 1007, /JSON object/],
    ['no object', '7', 1007, /JSON object/],
    ['an unknown type', { type: 'keys', keys: 'x' }, 1008, /type must be resize/],
    ['a size out of bounds', { type: 'resize', columns: 1, rows: 30 }, 1008, /columns must be from 60 to 500/],
    ['half a size', { type: 'resize', columns: 80 }, 1008, /rows must be from 21 to 200/],
    ['an unknown field', { type: 'resize', columns: 80, rows: 30, depth: 1 }, 1008, /nothing else/],
  ])('%s ends the connection and says why', async (_name, message, code, reason) => {
    await using http = await openHttpServer({}, await withSession());
    const client = await connect(http);
    client.say(message);
    expect(await client.ended).toEqual({ code, reason: expect.stringMatching(reason) });
    await until(() => http.gateway.opened[0]?.isClosed());
  });

  test('a frame over 64 kB ends the connection, one of 64 kB does not', async () => {
    await using http = await openHttpServer({}, await withSession());
    const client = await connect(http, '?write=true');
    client.send('x'.repeat(65_536));
    await until(() => http.gateway.opened[0]?.written.join('').length === 65_536);
    client.send('x'.repeat(65_537));
    expect((await client.ended).code).toBe(1009);
  });

  test.each(['session_ended', 'detached'] as const)('the end of the terminal is told: %s', async (reason) => {
    await using http = await openHttpServer({}, await withSession());
    const client = await connect(http);
    http.gateway.opened[0]?.exit(reason);
    expect(await client.ended).toEqual({ code: 1000, reason });
    expect(client.messages.at(-1)).toEqual({ type: 'exited', reason });
  });

  test('a client that goes away without a word closes the terminal', async () => {
    await using http = await openHttpServer({}, await withSession());
    const client = await connect(http);
    client.socket.terminate();
    await until(() => http.gateway.opened[0]?.isClosed());
  });

  test('a server that closes tells clients to reconnect, and their terminals are closed by then', async () => {
    const gateway = await withSession();
    const http = await openHttpServer({}, gateway);
    const clients = [await connect(http), await connect(http)];
    await http.server.close();
    expect(gateway.opened.map((terminal) => terminal.isClosed())).toEqual([true, true]);
    for (const client of clients)
      expect(await client.ended).toEqual({ code: 1001, reason: expect.stringContaining('reconnect') });
  });

  test('a client that does not answer a close does not hold up the server', async () => {
    const http = await openHttpServer({}, await withSession());
    const client = await connect(http);
    client.socket.pause();
    await http.server.close();
    client.socket.terminate();
  });
});

describe('a client that does not read', () => {
  /** More than the kernel holds for both ends of a connection. */
  const LOTS = Buffer.alloc(16 * 1_048_576, 'x');

  test('is read for no more, and again once it has taken what waited', async () => {
    const gateway = await withSession();
    await using http = await openHttpServer({}, gateway);
    const client = await connect(http);
    client.socket.pause();
    gateway.opened[0]?.print(LOTS);
    expect(gateway.opened[0]?.isPaused()).toBe(true);
    client.socket.resume();
    await until(() => gateway.opened[0]?.isPaused() === false);
    await until(() => client.received() === LOTS.length);
    await client.close();
  });

  test('for too long is cut off', async () => {
    const gateway = await withSession();
    await using http = await openHttpServer({}, gateway, { pingMs: 30_000, stallMs: 200 });
    const client = await connect(http);
    client.socket.pause();
    gateway.opened[0]?.print(LOTS);
    await until(() => gateway.opened[0]?.isClosed());
    client.socket.resume();
    expect((await client.ended).code).toBe(1006);
  });

  test('and does not even answer a ping is cut off', async () => {
    const gateway = await withSession();
    await using http = await openHttpServer({}, gateway, { pingMs: 100, stallMs: 60_000 });
    const client = await connect(http);
    client.socket.pause();
    await until(() => gateway.opened[0]?.isClosed());
    client.socket.terminate();
  });

  test('but answers pings stays', async () => {
    await using http = await openHttpServer({}, await withSession(), { pingMs: 20, stallMs: 60_000 });
    const client = await connect(http);
    let pings = 0;
    client.socket.on('ping', () => (pings += 1));
    await until(() => pings >= 5);
    expect(http.gateway.opened[0]?.isClosed()).toBe(false);
    await client.close();
  });
});
