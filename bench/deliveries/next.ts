import { mkdir } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Store } from '../../src/core/ports/store.ts';
import type * as Migrations from '../../src/store/sqlite/migrate.ts';
import type * as Sqlite from '../../src/store/sqlite/open.ts';
import { ROOT } from '../gateway.ts';
import type { Place } from '../place.ts';
import type { Row } from '../row.ts';
import { median } from '../statistics.ts';

const COUNTS = [1_000, 1_000_000] as const;
const CHUNK = 100_000;
const LANES = 1_000;
/** What is owed stands behind all that was delivered. */
const OWED = 100;
const ROUNDS = 200;
const OF_SMALLEST_MIN = 0.9;

/** How often in a second the outbox could find what is due next, on the store itself. Both stores take turns. */
export async function measureNext(place: Place): Promise<Row> {
  const { openSqliteStore } = (await import(`${ROOT}/dist/store/sqlite/open.js`)) as typeof Sqlite;
  const houses: { readonly count: number; readonly store: Store; readonly perSecond: number[] }[] = [];
  for (const count of COUNTS) {
    await mkdir(place.path(`delivered-${count}`), { mode: 0o700 });
    const file = place.path(`delivered-${count}`, 'gatehouse.db');
    await storeDelivered(file, count, place.signal);
    houses.push({ count, store: await openSqliteStore({ file }), perSecond: [] });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { count, store, perSecond } of round % 2 === 0 ? houses : houses.toReversed()) {
      perSecond.push(await findAll(store, count));
    }
    await breathe();
  }
  for (const { store } of houses) await store.close();
  const [smallest = Number.NaN, largest = Number.NaN] = houses.map(({ perSecond }) => median(perSecond));
  return {
    name: 'the next delivery, 1,000,000 delivered',
    value: largest,
    unit: '/s',
    beside: [{ name: '1,000 delivered', value: smallest, unit: '/s' }],
    aims: [{ kind: 'ratio', bound: 'at least', limit: OF_SMALLEST_MIN, of: '1,000 delivered' }],
  };
}

/** As the outbox looks after each commit: what became owed last, and what is first in its lane. */
async function findAll(store: Store, delivered: number): Promise<number> {
  const startedAt = performance.now();
  for (let at = 0; at < OWED; at += 1) {
    const { lanes } = await store.listOwedLanes(delivered + OWED - 1);
    const head = await store.readLaneHead(toLane(at));
    if (lanes.length !== 1 || head === null) throw new Error('nothing is found that is owed');
  }
  return (OWED * 1_000) / (performance.now() - startedAt);
}

async function storeDelivered(file: string, count: number, signal: AbortSignal): Promise<void> {
  const { migrate } = (await import(`${ROOT}/dist/store/sqlite/migrate.js`)) as typeof Migrations;
  const db = new DatabaseSync(file);
  try {
    migrate(db, file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
    for (let first = 1; first <= count; first += CHUNK) {
      signal.throwIfAborted();
      insert(db, { first, last: Math.min(count, first + CHUNK - 1), state: 'sent' });
      await breathe();
    }
    insert(db, { first: count + 1, last: count + OWED, state: 'waiting' });
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

function insert(db: DatabaseSync, rows: { first: number; last: number; state: 'sent' | 'waiting' }): void {
  db.prepare(
    `WITH RECURSIVE numbers (i) AS (VALUES (CAST(:first AS INTEGER)) UNION ALL SELECT i + 1 FROM numbers WHERE i < :last)
     INSERT INTO deliveries (seq, id, lane, kind, rank, request_id, workspace, event_type, event_at, event_data, state,
       attempts, unsure, created_at, owed_since, ended_at)
     SELECT i, 'msg_' || lower(hex(randomblob(15))), 'webhook:https://r' || CAST((i - :first) % ${LANES} AS INTEGER) || '.example/hook',
       'answer', 0, 'req-' || i, 'w' || (i % 50), 'request.completed', i, '{"bytes":283}', :state,
       iif(:state = 'sent', 1, 0), 0, i, i, iif(:state = 'sent', i + 40, NULL)
     FROM numbers`,
  ).run(rows);
}

function toLane(at: number): string {
  return `webhook:https://r${at}.example/hook`;
}
