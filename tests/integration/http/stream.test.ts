import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { KEY, openHttpServer, OTHER_KEY } from '../../helpers/http-server.ts';
import { connectStream, type StreamReader } from '../../helpers/stream-clients.ts';
import { connectTerminal, refusedUpgrade } from '../../helpers/terminal-client.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { until } from '../../helpers/until.ts';
import { withStreams, type StreamHouse } from './streams-house.ts';

const withKey = { 'x-api-key': KEY };
const urlOf = (house: StreamHouse, query = ''): string => `${house.baseUrl}/stream${query}`;
const open = (house: StreamHouse, query = ''): Promise<StreamReader> => connectStream(urlOf(house, query), withKey);

async function getTicket(house: StreamHouse): Promise<string> {
  const response = await house.api.post('/stream-tickets', {});
  expect(response.status).toBe(201);
  return ((await response.json()) as { readonly ticket: string }).ticket;
}

describe('a stream over a WebSocket', () => {
  test('of one request tells its events from a place on, and is closed behind its end', () =>
    withStreams(async (house) => {
      await house.begin('r');
      const reader = await open(house, '?requestId=r&after=0');
      await house.say('r', 'hello');
      await house.say('other', 'not mine');
      await house.end('r');
      expect(await reader.closed).toEqual({ code: 1000, reason: 'the request has ended' });
      expect(reader.events).toEqual(await house.events('r'));
    }));

  test('of a request that has ended is closed at once', () =>
    withStreams(async (house) => {
      await house.begin('r');
      await house.end('r');
      const last = (await house.events('r')).at(-1)?.seq;
      const reader = await open(house, `?requestId=r&after=${last}`);
      expect(await reader.closed).toEqual({ code: 1000, reason: 'the request has ended' });
      expect(reader.events).toEqual([]);
    }));

  test.each([
    ['all', {}, 3],
    ['one workspace', { workspace: 'demo' }, 2],
    ['one request', { requestId: 'a' }, 1],
  ])('may be asked for by the first frame: %s', (_name, wish, count) =>
    withStreams(async (house) => {
      const reader = await open(house);
      await house.begin('a');
      const { last: after } = await house.store.readEventSpan();
      reader.say({ ...wish, after });
      await house.say('a', 'one');
      await house.say('b', 'two');
      await house.store.appendEvent({ type: 'agent.woken', requestId: null, workspace: 'other', at: 1 });
      await until(() => reader.events.length === count);
      reader.socket.close();
      expect((await reader.closed).code).toBe(1005);
    }),
  );

  test('without a place begins with what comes from now on', () =>
    withStreams(async (house) => {
      await house.begin('r');
      const reader = await open(house, '?workspace=demo');
      const next = await house.say('r', 'now');
      await until(() => reader.events.length > 0);
      expect(reader.events).toEqual([next]);
      reader.cut();
    }));

  test.each([
    ['no JSON', '{', 1007, /JSON object/],
    ['a list', [], 1007, /JSON object/],
    ['an unknown filter', { session: 'x' }, 1008, /^session is wrong or unknown/],
    ['a wrong workspace', { workspace: '..' }, 1008, /^workspace is wrong/],
    ['a wrong place', { after: -1 }, 1008, /^after is wrong/],
    ['an unknown request', { requestId: 'nobody' }, 4404, /^not_found$/],
    ['a place from the future', { after: 999 }, 4400, /^cursor_ahead$/],
  ])('is closed with a code that says why: %s', (_name, frame, code, reason) =>
    withStreams(async (house) => {
      const reader = await open(house);
      reader.say(frame);
      expect(await reader.closed).toEqual({ code, reason: expect.stringMatching(reason) });
      if (code >= 4000) expect(reader.messages).toMatchObject([{ type: 'error', code: expect.stringMatching(reason) }]);
    }),
  );

  test('hears the client once: what it says later ends it', () =>
    withStreams(async (house) => {
      const reader = await open(house, '?after=0');
      reader.say({ workspace: 'demo' });
      expect((await reader.closed).code).toBe(1008);
    }));

  test('is closed when the client never says what it wants', () =>
    withStreams(
      async (house) => {
        const reader = await open(house);
        expect(await reader.closed).toEqual({ code: 1008, reason: expect.stringContaining('first frame') });
      },
      { patience: { stallMs: 50 } },
    ));

  test('refuses a frame of 1 MB', () =>
    withStreams(async (house) => {
      const reader = await open(house);
      reader.say('x'.repeat(1_048_576));
      expect((await reader.closed).code).toBe(1009);
    }));

  test('tells its client to reconnect when the gateway stops', () =>
    withStreams(async (house) => {
      const [drained, closed] = [await open(house, '?after=0'), await open(house)];
      house.drain();
      expect(await drained.closed).toEqual({ code: 1001, reason: expect.stringContaining('reconnect') });
      await house.server.close();
      expect((await closed.closed).code).toBe(1001);
    }));

  test('pings, and cuts off a client that is gone without a word', () =>
    withStreams(
      async (house) => {
        const [gone, alive] = [await open(house), await open(house)];
        gone.socket.pause();
        let pings = 0;
        alive.socket.on('ping', () => (pings += 1));
        await until(() => pings >= 3);
        gone.socket.resume();
        expect((await gone.closed).code).toBe(1006);
        alive.cut();
      },
      { patience: { pingMs: 50 } },
    ));

  test('of a client that does not read is closed, and disturbs no other', () =>
    withStreams(
      async (house) => {
        await house.begin('r');
        const stuck = await open(house, '?requestId=r&after=0');
        stuck.socket.pause();
        const other = await open(house, '?requestId=r&after=0');
        await house.sayMuch('r', 24 * 1_048_576);
        await house.end('r');
        expect((await other.closed).code).toBe(1000);
        expect(other.events).toEqual(await house.events('r'));
        await until(() => house.server.app.websocketServer.clients.size === 0);
        stuck.cut();
      },
      { patience: { stallMs: 300 } },
    ));

  test('one that only reads slowly misses nothing', () =>
    withStreams(async (house) => {
      await house.begin('r');
      const slow = await open(house, '?requestId=r&after=0');
      slow.socket.pause();
      await house.sayMuch('r', 8 * 1_048_576);
      await house.end('r');
      slow.socket.resume();
      expect((await slow.closed).code).toBe(1000);
      expect(slow.events).toEqual(await house.events('r'));
    }));
});

describe('what is refused before the upgrade', () => {
  test.each([
    ['no key', '', {}, 401, 'unauthorized'],
    ['a key in the URL', `?key=${KEY}`, {}, 401, 'unauthorized'],
    ['an unknown filter', '?session=x', withKey, 400, 'invalid_field'],
    ['an unknown request', '?requestId=nobody', withKey, 404, 'not_found'],
    ['a place from the future', '?after=999', withKey, 400, 'cursor_ahead'],
    ['a foreign origin', '', { ...withKey, origin: 'https://evil.example' }, 403, 'origin_refused'],
  ])('%s', (_name, query, headers, status, code) =>
    withStreams(
      async (house) => {
        expect(await refusedUpgrade(urlOf(house, query), headers)).toMatchObject({ status, body: { code } });
      },
      { settings: { corsOrigins: ['https://app.example'] } },
    ),
  );

  test('a place whose events are gone', async () => {
    const follow = (): never => {
      throw new GatewayError('cursor_gone', 'the first one is 9');
    };
    await using http = await openHttpServer({}, createFakeGateway({ events: { follow } }));
    const refused = await refusedUpgrade(`${http.baseUrl}/stream?after=1`, withKey);
    expect(refused).toMatchObject({ status: 410, body: { code: 'cursor_gone' } });
  });

  test('a request without an upgrade', () =>
    withStreams(async (house) => {
      expect((await house.api.fetch('/stream')).status).toBe(426);
    }));
});

describe('a ticket', () => {
  test('opens one WebSocket in the place of a key, and no second one', () =>
    withStreams(async (house) => {
      const ticket = await getTicket(house);
      const reader = await connectStream(urlOf(house, `?workspace=demo&ticket=${ticket}`));
      expect(await refusedUpgrade(urlOf(house, `?ticket=${ticket}`))).toMatchObject({ status: 401 });
      reader.cut();
    }));

  test('opens a terminal, too', () =>
    withStreams(async (house) => {
      await house.gateway.sessions.create('demo', undefined);
      const ticket = await getTicket(house);
      const client = await connectTerminal(`${house.baseUrl}/session/demo/terminal?ticket=${ticket}`);
      await client.close();
    }));

  test('is too old after 30 seconds', () => {
    const clock = createFakeClock();
    return withStreams(
      async (house) => {
        const [fresh, stale] = [await getTicket(house), await getTicket(house)];
        clock.advance(29_999);
        (await connectStream(urlOf(house, `?ticket=${fresh}`))).cut();
        clock.advance(1);
        expect(await refusedUpgrade(urlOf(house, `?ticket=${stale}`))).toMatchObject({ status: 401 });
      },
      { clock },
    );
  });

  test('is counted against the key that it stands for', () =>
    withStreams(
      async (house) => {
        const ticket = await getTicket(house);
        expect(await refusedUpgrade(urlOf(house, `?ticket=${ticket}`))).toMatchObject({ status: 429 });
        const other = await house.api.fetch('/requests', { headers: { 'x-api-key': OTHER_KEY } });
        expect(other.status).toBe(200);
      },
      { settings: { rateLimitMax: 1 } },
    ));

  test('needs a key, and opens nothing but a WebSocket', () =>
    withStreams(async (house) => {
      expect((await house.anonymous.post('/stream-tickets', {})).status).toBe(401);
      const ticket = await getTicket(house);
      expect((await house.anonymous.fetch(`/sessions?ticket=${ticket}`)).status).toBe(401);
    }));

  test('does not let in a page of a foreign origin', () =>
    withStreams(
      async (house) => {
        const ticket = await getTicket(house);
        const refused = await refusedUpgrade(urlOf(house, `?ticket=${ticket}`), { origin: 'https://evil.example' });
        expect(refused).toMatchObject({ status: 403, body: { code: 'origin_refused' } });
      },
      { settings: { corsOrigins: [] } },
    ));

  test('is in no line of the log', () =>
    withStreams(async (house) => {
      const ticket = await getTicket(house);
      (await connectStream(urlOf(house, `?ticket=${ticket}`))).cut();
      await refusedUpgrade(urlOf(house, `?ticket=${ticket}`));
      await until(() => house.lines.some(({ fields }) => fields['route'] === '/stream'));
      expect(JSON.stringify(house.lines)).not.toContain(ticket);
    }));
});
