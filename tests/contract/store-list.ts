import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RequestState, Source } from '../../src/core/model/request.ts';
import type { RequestFilter, RequestPlace, Store } from '../../src/core/ports/store.ts';
import {
  aRequest,
  COMPLETED,
  enqueue,
  LISTED_COMPLETED,
  mustClaim,
  type OpenStore,
  runNext,
  T0,
  withStore,
} from './store-fixtures.ts';

const MANY = 1_000;

/** All pages, one after the other. `between` runs behind each. */
async function readPages(
  store: Store,
  filter: RequestFilter,
  limit: number,
  between: () => Promise<unknown> = async () => {},
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let place: RequestPlace | null = null; ;) {
    const page = await store.listRequests(filter, place, limit);
    ids.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined) return ids;
    ({ place } = last);
    await between();
  }
}

export function describeList(open: OpenStore, share = 1): void {
  describe('the list of requests', () => {
    test('shows all of a request but its long texts', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        await store.end(await mustClaim(store, 'demo', T0 + 1), { ...COMPLETED, text: 'grüße' }, T0 + 3);
        const [listed] = await store.listRequests({}, null, MANY);
        expect(listed).toEqual({
          id: 'a',
          ...LISTED_COMPLETED,
          startedAt: T0 + 1,
          completedAt: T0 + 3,
          bytes: 7,
          place: { createdAt: T0, seq: expect.any(Number) },
        });
      }));

    test('has what fits, newest first, whatever is filtered and however long its pages are', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              workspace: fc.constantFrom('one', 'two'),
              source: fc.constantFrom<Source>('http', 'file', 'cli'),
              at: fc.nat(5),
              end: fc.boolean(),
            }),
            { minLength: 1, maxLength: 25 },
          ),
          fc.array(
            fc.record(
              {
                workspace: fc.constantFrom('one', 'two', 'three'),
                source: fc.constantFrom<Source>('http', 'file', 'cli', 'ws'),
                state: fc.constantFrom<RequestState>('queued', 'running', 'completed', 'failed'),
                from: fc.nat(6).map((ms) => T0 + ms),
                to: fc.nat(6).map((ms) => T0 + ms),
              },
              { requiredKeys: [] },
            ),
            { minLength: 8, maxLength: 8 },
          ),
          fc.integer({ min: 1, max: 7 }),
          (asked, filters, limit) =>
            withStore(open, async ({ store }) => {
              for (const [index, { workspace, source, at, end }] of asked.entries()) {
                await enqueue(store, aRequest(`r${index}`, { workspace, source, createdAt: T0 + at }));
                if (end) await runNext(store, T0, workspace);
              }
              await store.claim('one', T0);
              const all = await Promise.all(asked.map((_, index) => store.readRequest(`r${index}`)));
              const newest = all
                .flatMap((request) => request ?? [])
                .toReversed()
                .toSorted((a, b) => b.createdAt - a.createdAt);
              for (const filter of filters) {
                const { workspace, source, state, from = 0, to = Infinity } = filter;
                const expected = newest.filter(
                  (request) =>
                    (workspace ?? request.workspace) === request.workspace &&
                    (source ?? request.source) === request.source &&
                    (state ?? request.state) === request.state &&
                    request.createdAt >= from &&
                    request.createdAt < to,
                );
                expect(await readPages(store, filter, limit)).toEqual(expected.map(({ id }) => id));
              }
            }),
        ),
        { numRuns: Math.ceil(30 * share) },
      ));

    test('stays as it is behind a place while others come', () =>
      withStore(open, async ({ store }) => {
        const ids = Array.from({ length: 10 }, (_, index) => `r${index}`);
        await enqueue(store, ...ids.map((id) => aRequest(id)));
        let come = 0;
        const pages = await readPages(store, { workspace: 'demo' }, 3, () =>
          enqueue(store, aRequest(`n${(come += 1)}`)),
        );
        expect(pages).toEqual(ids.toReversed());
      }));
  });
}
