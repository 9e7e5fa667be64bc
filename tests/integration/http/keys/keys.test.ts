import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { KeyWish } from '../../../../src/core/ports/keys/keys.ts';
import { aRequest, enqueue, mustClaim, T0 } from '../../../contract/store-fixtures.ts';
import { createApiCall } from '../../../helpers/api-call.ts';
import { KEY, openHttpServer } from '../../../helpers/http-server.ts';
import { readSse } from '../../../helpers/stream-clients.ts';
import { until } from '../../../helpers/until.ts';
import { createSetClock, fill, type KeysHouse, openKeysHouse, OWN } from './keys-house.ts';

const HOUR_MS = 3_600_000;

const get = (path: string) => ({ method: 'GET', path });
const execute = (workspace: string) => ({ method: 'POST', path: '/execute', body: { workspace, command: 'x' } });

describe('a key', () => {
  test('is shown when it is made, and kept as a hash', async () => {
    await using house = await openKeysHouse();
    const call = createApiCall(house.baseUrl, KEY);
    const made = await call('POST', '/keys', {
      json: {
        name: 'jobs',
        scopes: ['read', 'read'],
        workspaces: ['web-*'],
        dailyCostMicroUsdMax: 5,
        expiresAt: T0 * 2,
      },
    });
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { key, ...shown } = made.body;
    expect(key).toMatch(new RegExp(`^gh_${shown.id}_[A-Za-z0-9_-]{43}$`));
    expect(shown).toMatchObject({ scopes: ['read'], workspaces: ['web-*'], dailyCostMicroUsdMax: 5, lastUsedAt: null });
    expect((await call('GET', '/keys')).body).toEqual({ keys: [shown] });
    expect(JSON.stringify(await house.store.listKeys())).not.toContain(secretOf(key));
    expect(JSON.stringify(house.lines)).not.toContain(secretOf(key));
  });

  test('tells when it was used', async () => {
    await using house = await openKeysHouse();
    const { key, record } = await house.makeKey();
    expect((await house.ask(get('/sessions'), key)).status).toBe(200);
    const used = await until(async () => (await house.store.readKey(record.id))?.lastUsedAt ?? undefined);
    expect(used).toBeGreaterThanOrEqual(record.createdAt);
  });

  test.each<[string, object, string]>([
    ['a scope that there is not', { scopes: ['root'] }, 'scopes'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['a star in the middle', { workspaces: ['web-*-x'] }, 'workspaces'],
    ['a star behind half a word', { workspaces: ['web*'] }, 'workspaces'],
    ['no workspace', { workspaces: [] }, 'workspaces'],
    ['workspaces of an admin', { scopes: ['admin'], workspaces: ['web'] }, 'workspaces'],
    ['an end that has passed', { expiresAt: 5 }, 'expiresAt'],
    ['a limit of nothing', { activeMax: 0 }, 'activeMax'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
  ])('is not made with %s', async (_what, wrong, field) => {
    await using house = await openKeysHouse();
    const call = createApiCall(house.baseUrl, KEY);
    const { status, body } = await call('POST', '/keys', { json: { name: 'x', scopes: ['read'], ...wrong } });
    expect([status, String(body.field).split('/')[0]]).toEqual([400, field]);
    expect(await house.store.listKeys()).toEqual([]);
  });

  test('opens nothing any more once it was revoked, rotated or has expired', async () => {
    const passing = createSetClock();
    await using house = await openKeysHouse({}, { passing });
    const call = createApiCall(house.baseUrl, KEY);
    const [revoked, rotated, short] = [
      await house.makeKey(),
      await house.makeKey(),
      await house.makeKey({ expiresAt: Date.now() + HOUR_MS }),
    ];
    for (const { key } of [revoked, rotated, short]) expect((await house.ask(get('/sessions'), key)).status).toBe(200);
    expect((await call('DELETE', `/keys/${revoked.record.id}`)).status).toBe(204);
    expect((await call('DELETE', `/keys/${revoked.record.id}`)).status).toBe(404);
    const next = await call('POST', `/keys/${rotated.record.id}/rotate`);
    expect(next.body).toMatchObject({ id: rotated.record.id, name: 'a test' });
    expect((await house.ask(get('/sessions'), next.body.key)).status).toBe(200);
    passing.set(HOUR_MS);
    for (const { key } of [revoked, rotated, short]) expect((await house.ask(get('/sessions'), key)).status).toBe(401);
  });

  test('may give itself up, and is told so', async () => {
    await using house = await openKeysHouse();
    const { key, record } = await house.makeKey({ scopes: ['admin'] });
    const { status } = await house.ask({ method: 'DELETE', path: `/keys/${record.id}` }, key);
    expect(status).toBe(204);
  });

  test('of a request that was accepted is who asked for it', async () => {
    await using house = await openKeysHouse();
    const { key, record } = await house.makeKey({ scopes: ['execute'] });
    const { status, text } = await house.ask(execute('web'), key);
    expect(status).toBe(202);
    const { requestId } = JSON.parse(text) as { requestId: string };
    expect((await house.store.readRequest(requestId))?.identity.user_id).toBe(record.id);
  });
});

describe('a key with some workspaces', () => {
  const lists = ['/requests', '/sessions', '/approvals', '/deliveries', '/quick/sessions'] as const;

  test.each(lists)('sees of %s what is of them and nothing else', async (path) => {
    await using house = await openKeysHouse();
    await fill(house.store);
    const mine = await house.makeKey({ workspaces: ['other', 'mine', 'quick-*'] });
    const theirs = await house.makeKey({ workspaces: ['mine-*', 'theirs'] });
    const seen = await house.ask(get(path), mine.key);
    expect([seen.status, seen.text]).toEqual([200, expect.stringMatching(/"mine"|quick-/)]);
    expect(seen.text).not.toContain('"workspace":"bot"');
    const unseen = await house.ask(get(path), theirs.key);
    expect([unseen.status, unseen.text]).toEqual([200, expect.not.stringMatching(/"mine"|quick-|req-/)]);
  });

  test('sees what they spent', async () => {
    await using house = await openKeysHouse();
    const usage = async (workspaces: readonly string[]): Promise<number> => {
      const { key } = await house.makeKey({ workspaces });
      const { text } = await house.ask(get(`/usage?by=workspace&from=${T0 - 1}&to=${T0 + 1}`), key);
      return (JSON.parse(text) as { total: { requests: number } }).total.requests;
    };
    await fill(house.store);
    expect([await usage(['mine']), await usage(['min_*', 'theirs'])]).toEqual([1, 0]);
  });

  test('follows what happens in them', async () => {
    await using house = await openKeysHouse();
    const { key } = await house.makeKey({ workspaces: ['mine'] });
    const { frames } = await follow(house, '/stream?after=0', key);
    await enqueue(house.store, aRequest('a', { workspace: 'theirs' }), aRequest('b', { workspace: 'mine' }));
    await enqueue(house.store, aRequest('c', { workspace: 'mine' }));
    await until(() => frames.some((frame) => frame.includes('"c"')));
    expect(frames.join('')).not.toContain('theirs');
  });

  test.each([
    ['a request', { requestId: 'a' }],
    ['a workspace', { workspace: 'theirs' }],
  ])('is told in the first frame that %s of others is not there', async (_what, wish) => {
    await using house = await openKeysHouse();
    await enqueue(house.store, aRequest('a', { workspace: 'theirs' }));
    const { key } = await house.makeKey({ workspaces: ['mine'] });
    const { socket, closed } = await follow(house, '/stream', key);
    socket.send(JSON.stringify(wish));
    expect(await closed).toBe(4404);
  });

  test('opens with a ticket what it would open itself', async () => {
    await using house = await openKeysHouse();
    await enqueue(house.store, aRequest('a', { workspace: 'theirs' }));
    const { key } = await house.makeKey({ workspaces: ['mine'] });
    const { text } = await house.ask({ method: 'POST', path: '/stream-tickets' }, key);
    const { ticket } = JSON.parse(text) as { ticket: string };
    const answer = await house.ask({ ...get(`/stream?requestId=a&ticket=${ticket}`), isSocket: true }, null);
    expect(answer.status).toBe(404);
  });

  test.each(['revoke', 'rotate'] as const)('opens nothing with a ticket that was got before a %s', async (how) => {
    await using house = await openKeysHouse();
    const { key, record } = await house.makeKey();
    const getTicket = async (): Promise<string> => {
      const { text } = await house.ask({ method: 'POST', path: '/stream-tickets' }, key);
      return (JSON.parse(text) as { ticket: string }).ticket;
    };
    const open = async (ticket: string) => house.ask({ ...get(`/stream?ticket=${ticket}`), isSocket: true }, null);
    const [before, after] = [await getTicket(), await getTicket()];
    expect((await open(before)).status).toBe(101);
    await house.house.api.keys[how](record.id);
    expect((await open(after)).status).toBe(401);
  });
});

describe('what is open ends within a second when its key is lost', () => {
  async function openAll(wish: Partial<KeyWish> = {}, passing = createSetClock()) {
    const house = await openKeysHouse({}, { passing });
    await fill(house.store);
    const made = await house.makeKey({ scopes: ['read', 'terminal', 'execute'], ...wish });
    const other = await house.makeKey({ scopes: ['read'] });
    const [mine, theirs] = [await follow(house, '/stream', made.key), await follow(house, '/stream', other.key)];
    const bot = await follow(house, '/ws', made.key);
    const sse = await readSse(`${house.baseUrl}/status/${OWN.queued}/events`, { 'x-api-key': made.key });
    return { house, made, mine, theirs, bot, sse };
  }

  const ways = {
    revoked: (house: KeysHouse, id: string) => house.house.api.keys.revoke(id),
    rotated: (house: KeysHouse, id: string) => house.house.api.keys.rotate(id),
    'revoked by another process': (house: KeysHouse, id: string) => house.store.deleteKey(id),
  };

  test.each(Object.keys(ways) as (keyof typeof ways)[])(
    '%s: streams, frames and answers, and no other key',
    async (how) => {
      const { house, made, mine, theirs, bot, sse } = await openAll();
      await using _closed = house;
      const begun = performance.now();
      await ways[how](house, made.record.id);
      expect([await mine.closed, await bot.closed]).toEqual([4401, 4401]);
      await sse.ended;
      expect(performance.now() - begun).toBeLessThan(1_000);
      expect(theirs.socket.readyState).toBe(WebSocket.OPEN);
    },
  );

  test('expired: the same', async () => {
    const passing = createSetClock();
    const { house, mine, theirs, bot, sse } = await openAll({ expiresAt: Date.now() + HOUR_MS }, passing);
    await using _closed = house;
    const begun = performance.now();
    passing.set(HOUR_MS);
    expect([await mine.closed, await bot.closed]).toEqual([4401, 4401]);
    await sse.ended;
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(theirs.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('a long poll is cut off', async () => {
    await using house = await openKeysHouse();
    await fill(house.store);
    const made = await house.makeKey();
    const waiting = fetch(`${house.baseUrl}/status/${OWN.queued}`, {
      headers: { 'x-api-key': made.key, prefer: 'wait=30' },
    });
    await until(async () => (await house.store.readKey(made.record.id))?.lastUsedAt ?? undefined);
    await house.house.api.keys.revoke(made.record.id);
    await expect(waiting).rejects.toThrow();
  });

  test('a terminal', async () => {
    await using http = await openHttpServer();
    await http.api.post('/session/create', { workspace: 'mine' });
    const { key, record } = await http.gateway.keys.create({ name: 'x', scopes: ['terminal'] });
    const terminal = await follow(http, '/session/mine/terminal', key);
    await http.gateway.keys.revoke(record.id);
    expect(await terminal.closed).toBe(4401);
    await until(() => http.gateway.opened[0]?.isClosed());
  });
});

describe('the limits of a key', () => {
  test('requests at the same time: one more is 429, until one has ended', async () => {
    await using house = await openKeysHouse();
    const { key } = await house.makeKey({ scopes: ['execute'], activeMax: 2 });
    const statuses = [];
    for (const workspace of ['a', 'b', 'c']) statuses.push((await house.ask(execute(workspace), key)).status);
    expect(statuses).toEqual([202, 202, 429]);
    const refused = await house.ask(execute('c'), key);
    expect(refused.text).toContain('"code":"key_limited"');
    expect(refused.headers.get('retry-after')).toBe('5');
    await house.store.end(
      await mustClaim(house.store, 'a'),
      { state: 'cancelled', reason: null, error: null, text: null, usage: null },
      T0,
    );
    expect((await house.ask(execute('c'), key)).status).toBe(202);
  });

  test('requests of a day: the next day there are more', async () => {
    await using house = await openKeysHouse();
    const { key } = await house.makeKey({ scopes: ['execute'], dailyTurnsMax: 1 });
    expect((await house.ask(execute('a'), key)).status).toBe(202);
    const refused = await house.ask(execute('a'), key);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(86_400);
    expect((await house.ask(execute('a'), KEY)).status).toBe(202);
  });

  test('requests in a window are its own', async () => {
    await using house = await openKeysHouse({ rateLimitMax: 2 });
    const { key } = await house.makeKey({ rateLimitMax: 4 });
    const statuses = [];
    for (let time = 0; time < 5; time += 1) statuses.push((await house.ask(get('/sessions'), key)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });

  test('looks at its own request at the advised pace are never refused, nor a cancel because of looks', async () => {
    await using house = await openKeysHouse();
    await fill(house.store);
    const { key } = await house.makeKey({ scopes: ['read', 'execute'], rateLimitMax: 1 });
    const look = get(`/status/${OWN.queued}`);
    // In a window of a minute, at the pace of `Retry-After: 1`.
    for (let time = 0; time < 60; time += 1) expect((await house.ask(look, key)).status).toBe(200);
    expect((await house.ask({ method: 'POST', path: `/status/${OWN.queued}/cancel` }, key)).status).toBe(200);
  });
});

describe('wrong keys', () => {
  const sockets = [get('/stream'), get('/ws')].map((call) => ({ ...call, isSocket: true }));
  const calls = [get('/sessions'), execute('a'), ...sockets, get('/no/such/path')];

  test('ten of an address are 401, and then 429 with Retry-After, whatever they ask for', async () => {
    await using house = await openKeysHouse();
    for (let time = 0; time < 10; time += 1) {
      const call = calls[time % calls.length] ?? get('/');
      expect((await house.ask(call, `wrong-${time}`)).status).toBe(401);
    }
    for (const call of calls) {
      const refused = await house.ask(call, 'wrong-again');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
    }
  });

  test('refuse no right key, over HTTP and WebSocket alike, nor those who show none', async () => {
    await using house = await openKeysHouse();
    for (let time = 0; time < 20; time += 1) await house.ask(get('/sessions'), `wrong-${time}`);
    const { key } = await house.makeKey({ scopes: ['read', 'execute'] });
    for (const right of [KEY, key]) {
      expect((await house.ask(get('/sessions'), right)).status).toBe(200);
      for (const call of sockets) expect((await house.ask(call, right)).status).toBe(101);
    }
    expect((await house.ask(get('/sessions'), null)).status).toBe(401);
  });

  test('as tickets count as well', async () => {
    await using house = await openKeysHouse();
    const call = { ...get('/stream?ticket=guess'), isSocket: true };
    const statuses = [];
    for (let time = 0; time < 11; time += 1) statuses.push((await house.ask(call, null)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });
});

async function follow(house: Pick<KeysHouse, 'baseUrl'>, path: string, key: string) {
  const socket = new WebSocket(`${house.baseUrl.replace(/^http/, 'ws')}${path}`, { headers: { 'x-api-key': key } });
  const frames: string[] = [];
  socket.on('message', (data: Buffer) => void frames.push(data.toString()));
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  await once(socket, 'open');
  return { socket, frames, closed };
}

/** It may hold a `_` itself. */
function secretOf(key: string): string {
  return key.split('_').slice(2).join('_');
}
