import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { createEventFeed } from '../../../src/core/flows/events/event-feed.ts';
import { appendEvent } from '../../../src/store/events/events.ts';
import { openDatabase, openPostgresStore } from '../../../src/store/postgres/open.ts';
import type { Database } from '../../../src/store/sql/database.ts';
import { build, query } from '../../../src/store/sql/query.ts';
import { get, type Step } from '../../../src/store/sql/step.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { T0 } from '../../contract/store-fixtures.ts';
import { usePostgres } from './house.ts';

const { createDatabase, defer } = usePostgres({ settings: { max_connections: '200' } });
const WRITERS = 24;
const READERS = 3;

let store: Store;
let writers: readonly Database[];

beforeAll(async () => {
  const url = await createDatabase();
  store = await openPostgresStore({ url, poolMax: 8 });
  // As other gateways would write, beside the one that holds the database.
  const options = { url, poolMax: 2, prepare: async () => {} };
  writers = await Promise.all(Array.from({ length: WRITERS }, () => openDatabase(options)));
});

defer(async () => {
  await Promise.all(writers.map((writer) => writer.close()));
  await store.close();
});

const sleep = query<{ seconds: number }>()((arg) =>
  build.selectNoFrom(sql<string>`cast(pg_sleep(${arg('seconds')}) as text)`.as('slept')),
);

/** The transaction stays open for so long behind its event. */
function* appendSlowly(name: string, ms: number): Step<void> {
  yield* appendEvent({ type: 'agent.said', requestId: null, workspace: name, at: T0, data: { name } });
  if (ms > 0) yield* get(sleep, { seconds: ms / 1_000 });
}

/** Reads the log from here on, as streams do, until it has seen so many. */
async function follow(after: number, count: number, signal: AbortSignal): Promise<readonly unknown[]> {
  const feed = createEventFeed(store);
  const seen: unknown[] = [];
  for await (const batch of (await feed.follow({}, after, signal)) ?? []) {
    seen.push(...batch.map(({ seq, data }) => `${seq} ${String(data['name'])}`));
    if (seen.length >= count) break;
  }
  feed.close();
  return seen;
}

test('every reader sees every event once, in order, however many write and however late they commit', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: -30, max: 15 }), { minLength: 1, maxLength: 4 }), {
        minLength: WRITERS,
        maxLength: WRITERS,
      }),
      async (delays) => {
        const { last } = await store.readEventSpan();
        const count = delays.flat().length;
        const over = new AbortController();
        const readers = Array.from({ length: READERS }, () => follow(last, count, over.signal));
        await Promise.all(
          delays.map(async (own, writer) => {
            for (const [at, ms] of own.entries())
              await writers[writer]?.write(() => appendSlowly(`${writer}-${at}`, Math.max(0, ms)));
          }),
        );
        const stored = (await store.listEvents(last, count + 1)).map(
          ({ seq, data }) => `${seq} ${String(data['name'])}`,
        );
        expect(stored).toHaveLength(count);
        expect(await Promise.all(readers)).toEqual(readers.map(() => stored));
      },
    ),
    { numRuns: 4 },
  ));
