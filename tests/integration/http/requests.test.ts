import { describe, expect, test } from '@jest/globals';
import { aRequest, COMPLETED, enqueue, LISTED_COMPLETED, mustClaim, T0 } from '../../contract/store-fixtures.ts';
import { withStreams, type StreamHouse } from './streams-house.ts';

interface Page {
  readonly requests: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}

async function read(house: StreamHouse, query = ''): Promise<Page> {
  const response = await house.api.fetch(`/requests${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

const idsOf = ({ requests }: Page): readonly unknown[] => requests.map(({ requestId }) => requestId);

describe('GET /requests', () => {
  test('shows requests newest first, with all but their text', () =>
    withStreams(async (house) => {
      await enqueue(house.store, aRequest('a'), aRequest('b', { createdAt: T0 + 1 }));
      await house.store.end(await mustClaim(house.store), COMPLETED, T0 + 5);
      const page = await read(house);
      expect(idsOf(page)).toEqual(['b', 'a']);
      expect(page.next).toBeNull();
      expect(page.requests[1]).toEqual({
        requestId: 'a',
        ...LISTED_COMPLETED,
        startedAt: T0,
        completedAt: T0 + 5,
        output: { available: true, bytes: 4 },
      });
    }));

  test.each([
    ['?workspace=other', ['c']],
    ['?state=queued&source=file', ['b']],
    ['?state=running', []],
    [`?from=${T0 + 1}`, ['c', 'b']],
    [`?from=${T0 + 1}&to=${T0 + 2}`, ['b']],
    ['?workspace=nobody', []],
  ])('filters: %s', (query, ids) =>
    withStreams(async (house) => {
      await enqueue(
        house.store,
        aRequest('a'),
        aRequest('b', { source: 'file', createdAt: T0 + 1 }),
        aRequest('c', { workspace: 'other', createdAt: T0 + 2 }),
      );
      expect(idsOf(await read(house, query))).toEqual(ids);
    }),
  );

  test('comes in pages, which requests that come meanwhile do not change', () =>
    withStreams(async (house) => {
      await enqueue(house.store, ...['a', 'b', 'c', 'd'].map((id) => aRequest(id)));
      const first = await read(house, '?limit=2');
      await enqueue(house.store, aRequest('e'));
      const second = await read(house, `?limit=2&cursor=${first.next}`);
      expect([idsOf(first), idsOf(second), second.next]).toEqual([['d', 'c'], ['b', 'a'], null]);
    }));

  test.each([
    ['?session=x', 'session'],
    ['?state=done', 'state'],
    ['?source=fax', 'source'],
    ['?from=yesterday', 'from'],
    ['?limit=0', 'limit'],
    ['?limit=501', 'limit'],
    ['?limit=', 'limit'],
    ['?limit=1.0', 'limit'],
    ['?limit=01', 'limit'],
    ['?workspace=', 'workspace'],
    ['?workspace=../up', 'workspace'],
    ['?from=0x1', 'from'],
    ['?from=1e3', 'from'],
    ['?from=%2B1', 'from'],
    ['?from=2&to=1', 'to'],
    ['?from=1&to=1', 'to'],
    ['?cursor=x', 'cursor'],
    ['?cursor=MS4yLjM', 'cursor'],
  ])('refuses %s', (query, field) =>
    withStreams(async (house) => {
      const response = await house.api.fetch(`/requests${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'invalid_field', field });
    }),
  );

  test('goes on with the same filters only', () =>
    withStreams(async (house) => {
      await enqueue(house.store, aRequest('a'), aRequest('b'));
      const { next } = await read(house, '?limit=1&workspace=demo&state=queued');
      expect(idsOf(await read(house, `?cursor=${next}&state=queued&workspace=demo`))).toEqual(['a']);
      for (const other of [
        '',
        '&workspace=demo',
        '&workspace=demo&state=failed',
        '&workspace=demo&state=queued&to=9',
      ]) {
        const response = await house.api.fetch(`/requests?cursor=${next}${other}`);
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({
          field: 'cursor',
          detail: expect.stringMatching(/other filters/),
        });
      }
    }));

  test('needs a key', () =>
    withStreams(async (house) => {
      expect((await house.anonymous.fetch('/requests')).status).toBe(401);
    }));
});
