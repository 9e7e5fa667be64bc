import { describe, expect, test } from '@jest/globals';
import { proveAnswer } from '../../helpers/openapi-fetch.ts';
import { KEY } from '../../helpers/http-server.ts';
import { readSse, type SseReader } from '../../helpers/stream-clients.ts';
import { until } from '../../helpers/until.ts';
import { withStreams, type StreamHouse } from './streams-house.ts';

const withKey = { 'x-api-key': KEY };
const connectionsOf = (house: StreamHouse): Promise<number> =>
  new Promise((resolve) => house.server.app.server.getConnections((_error, count) => resolve(count)));
const open = (house: StreamHouse, query = '', headers: Readonly<Record<string, string>> = {}): Promise<SseReader> =>
  readSse(`${house.baseUrl}/status/r/events${query}`, { ...withKey, ...headers });

describe('server-sent events of a request', () => {
  test('are all of its events, first what is stored, then what comes, and end with its end', () =>
    withStreams(async (house) => {
      await house.begin('r');
      const reader = await open(house);
      expect(reader.status).toBe(200);
      expect(reader.headers).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
      });
      await until(() => reader.events.length === 2);
      await house.say('r', 'two\n\nlines, and data: of their own');
      await house.say('other', 'not mine');
      await house.end('r');
      await reader.ended;
      expect(reader.events).toEqual(await house.events('r'));
      expect(reader.events.at(-1)).toMatchObject({ type: 'request.completed', data: { bytes: 4 } });
      expect(reader.text()).toMatch(/^retry: 1000\n\n/);
    }));

  test('A13: are not to be kept or changed by a proxy, which would hold them back', () =>
    withStreams(async (house) => {
      await house.begin('r');
      await house.end('r');
      const { headers } = await open(house, '', { 'accept-encoding': 'gzip' });
      expect(headers['cache-control']).toBe('no-store, no-transform');
      expect(headers['content-encoding']).toBeUndefined();
    }));

  test('go on behind the last one that was received, and behind `after`', () =>
    withStreams(async (house) => {
      await house.begin('r');
      const { seq } = await house.say('r', 'one');
      await house.say('r', 'two');
      await house.end('r');
      const all = await house.events('r');
      const behind = all.filter((event) => event.seq > seq);
      const readers = [
        await open(house, '', { 'last-event-id': String(seq) }),
        await open(house, `?after=${seq}`),
        // A browser that comes again repeats its URL.
        await open(house, '?after=0', { 'last-event-id': String(seq) }),
        await open(house, `?after=${seq}`, { 'last-event-id': '' }),
      ];
      for (const reader of readers) {
        await reader.ended;
        expect(reader.events).toEqual(behind);
      }
    }));

  test('are 204 behind the end, so that a browser comes no more', () =>
    withStreams(async (house) => {
      await house.begin('r');
      await house.end('r');
      const last = (await house.events('r')).at(-1)?.seq;
      const reader = await open(house, '', { 'last-event-id': String(last) });
      await reader.ended;
      expect([reader.status, reader.text()]).toEqual([204, '']);
    }));

  test.each([
    ['no key', '/status/r/events', {}, 401, 'unauthorized'],
    ['a ticket, which is for WebSockets', '/status/r/events?after=0&ticket=x', {}, 401, 'unauthorized'],
    ['an unknown request', '/status/nobody/events', withKey, 404, 'not_found'],
    ['a place from the future', '/status/r/events?after=999', withKey, 400, 'cursor_ahead'],
    ['no place', '/status/r/events?after=-1', withKey, 400, 'invalid_field'],
    ['an empty place', '/status/r/events?after=', withKey, 400, 'invalid_field'],
    ['half a place', '/status/r/events?after=1.5', withKey, 400, 'invalid_field'],
    ['an unknown filter', '/status/r/events?workspace=demo', withKey, 400, 'invalid_field'],
    ['a wrong id', '/status/r/events', { ...withKey, 'last-event-id': 'x' }, 400, 'invalid_field'],
  ])('refuse %s with a problem', (_name, path, headers, status, code) =>
    withStreams(async (house) => {
      await house.begin('r');
      const response = await fetch(house.baseUrl + path, { headers: { ...headers } });
      await proveAnswer('GET', path.split('?', 1)[0] ?? '', response.clone());
      expect([response.status, ((await response.json()) as { readonly code: string }).code]).toEqual([status, code]);
    }),
  );

  test('can be read by a page of another origin that is allowed', () =>
    withStreams(async (house) => {
      await house.begin('r');
      await house.end('r');
      const reader = await open(house, '', { origin: 'https://app.example' });
      await reader.ended;
      expect(reader.headers['access-control-allow-origin']).toBe('*');
    }));

  test('have a heartbeat while nothing happens', () =>
    withStreams(
      async (house) => {
        await house.begin('r');
        const reader = await open(house);
        await until(() => reader.text().split('\n:\n').length > 3);
        reader.cut();
      },
      { patience: { pingMs: 20 } },
    ));

  test('end when the gateway drains, also for those who come then', () =>
    withStreams(async (house) => {
      await house.begin('r');
      const drained = await open(house);
      house.drain();
      await drained.ended;
      // While it drains a browser is let in and out again; to a 503 it would not come again.
      const again = await open(house);
      await again.ended;
      expect([again.status, again.events]).toEqual([200, []]);
    }));

  test('end when the server closes', () =>
    withStreams(async (house) => {
      await house.begin('r');
      const reader = await open(house);
      await house.server.close();
      await reader.ended;
    }));

  test('of a reader that does not read are cut off, and disturb no other', () =>
    withStreams(
      async (house) => {
        await house.begin('r');
        const stuck = await open(house);
        stuck.pause();
        const other = await open(house);
        // More than the kernel holds for both ends of a connection.
        await house.sayMuch('r', 24 * 1_048_576);
        await house.end('r');
        await other.ended;
        expect(other.events).toEqual(await house.events('r'));
        await until(async () => (await connectionsOf(house)) === 0);
        expect(stuck.events.length).toBeLessThan(other.events.length);
        stuck.cut();
      },
      { patience: { stallMs: 300 } },
    ));
});
