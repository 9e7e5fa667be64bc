import type * as Fill from '../src/store/postgres/fill.ts';
import type * as Postgres from '../src/store/postgres/open.ts';
import type * as Dump from '../src/store/sqlite/dump.ts';
import { startPostgres } from '../tests/helpers/postgres/server.ts';
import { ROOT } from './gateway.ts';
import type { Place } from './place.ts';
import type { House } from './stored.ts';

const READERS = 4;

/** The same rows in Postgres, moved over as `gatehouse migrate` does. */
export async function openTwin(place: Place, { name, file, count, ids }: House): Promise<House> {
  const server = await startPostgres({ onDisk: true });
  place.defer(() => server[Symbol.asyncDispose]());
  const url = await server.createDatabase('twin');
  const { openDump } = (await import(`${ROOT}/dist/store/sqlite/dump.js`)) as typeof Dump;
  const { fillDatabase } = (await import(`${ROOT}/dist/store/postgres/fill.js`)) as typeof Fill;
  const { openPostgresStore } = (await import(`${ROOT}/dist/store/postgres/open.js`)) as typeof Postgres;
  using dump = openDump(file);
  await fillDatabase(url, dump.tables);
  await server.query('VACUUM ANALYZE', 'twin');
  return {
    ...{ name: `${name}-twin`, count, file, ids, settings: { DATABASE_URL: url } },
    open: () => openPostgresStore({ url, poolMax: READERS }),
    ...{ status: [], sessions: [], claimMs: [] },
  };
}
