import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import autocannon from 'autocannon';
import { DatabaseSync } from 'node:sqlite';
import { HOUSE_KEY, type GatewayProcess } from '../helpers/gateway-house.ts';
import { until } from '../helpers/until.ts';
import { openLoadHouse, type LoadHouse } from './load-house.ts';

const OLD = Number(process.env['OLD_REQUESTS'] ?? 500_000);
const CLIENTS = 100;
/** A program that has just begun is slower. */
const WARM_S = 4;
const QUIET_S = 15;
/** Clients submit for so long; what is left then goes without them. */
const BUSY_MAX_S = 120;
const DAY_MS = 86_400_000;
const SETTINGS = {
  LOG_LEVEL: 'info',
  MAX_RUNNING_TURNS: '1',
  MAX_LIVE_SESSIONS: '1',
  QUEUE_MAX: '1000000',
  SESSION_QUEUE_MAX: '1000000',
  RETENTION_DAYS: '0',
};

let house: LoadHouse;

beforeAll(async () => {
  house = await openLoadHouse([{ match: 'held', do: { hang: true } }], SETTINGS);
});
afterAll(() => house.close());

describe(`${OLD} old requests are forgotten while ${CLIENTS} clients submit`, () => {
  let quietMs: number;
  let busyMs: number;
  let left: number;

  beforeAll(
    async () => {
      await end(house.gateway);
      fill(house.database);
      const quiet = await restart('0');
      await submit(WARM_S);
      const before = await submit(QUIET_S);
      await end(quiet);
      await restart('1');
      await submit(WARM_S);
      busyMs = await submit(BUSY_MAX_S, () => isGone(house.database));
      await until(() => isGone(house.database), OLD * 20);
      await until(isOver);
      left = countOld(house.database);
      // The machine has faster and slower minutes.
      quietMs = Math.max(before, await submit(QUIET_S));
      process.stdout.write(
        [
          '',
          `p99 of an accept: ${quietMs} ms quiet, ${busyMs} ms meanwhile, limit twice as much`,
          house.log().match(/^.*retention\.forgotten.*$/m)?.[0],
          '',
        ].join('\n'),
      );
    },
    300_000 + OLD * 20,
  );

  test('all of them go', () => {
    expect(left).toBe(0);
  });

  test('the p99 of an accept stays below twice its quiet value', () => {
    expect(busyMs).toBeLessThan(2 * quietMs);
  });
});

const isOver = (): boolean => house.log().includes('retention.forgotten');

/** Asked while clients submit: to search the log, with a line for each of theirs, would hold them up. */
function isGone(database: string): boolean {
  using db = new DatabaseSync(database, { readOnly: true });
  const first = db.prepare('SELECT created_at FROM requests ORDER BY seq LIMIT 1').get();
  return Number(first?.['created_at']) > Date.now() - DAY_MS;
}

async function end({ pid, exited }: GatewayProcess): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await exited;
}

async function restart(days: string): Promise<GatewayProcess> {
  const gateway = house.start(undefined, { RETENTION_DAYS: days });
  await gateway.ready();
  return gateway;
}

/** The p99 in milliseconds, of as many as get their answers within this time. */
async function submit(seconds: number, isEnough = (): boolean => false): Promise<number> {
  let clients = 0;
  const run = autocannon({
    url: `${house.url}/execute`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': HOUSE_KEY },
    connections: CLIENTS,
    duration: seconds,
    setupClient: (client) =>
      client.setBody(JSON.stringify({ workspace: `w${(clients += 1)}`, command: 'held, as all others' })),
  });
  const look = setInterval(() => isEnough() && run.stop(), 500);
  try {
    const { latency, non2xx, errors } = await run;
    if (non2xx + errors > 0) throw new Error(`${non2xx} were refused, and ${errors} had no answer`);
    return latency.p99;
  } finally {
    clearInterval(look);
  }
}

/** Requests of ten days ago, each with five events and a delivery. */
function fill(database: string): void {
  const endedAt = Date.now() - 10 * DAY_MS;
  const identity = '{"transport":"http","user_id":"key","channel_id":"http-api","thread_id":null}';
  const types = '["request.queued","request.started","request.submitting","request.working","request.completed"]';
  const db = new DatabaseSync(database);
  db.exec(`PRAGMA synchronous = OFF; BEGIN;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${OLD})
    INSERT INTO requests (id, workspace, session_id, agent, source, identity, priority, rank, timeout_ms, state,
        created_at, started_at, completed_at, epoch, prompt, text)
      SELECT printf('req-%x-', ${endedAt} + n) || lower(hex(randomblob(8))), 'w' || (n % 100), 1, 'claude', 'http',
        '${identity}', 'normal', 2, 60000, 'completed', ${endedAt} + n, ${endedAt} + n, ${endedAt} + n + 5000, 1,
        'List the open tasks, and say which of them is the oldest.', 'The one about the door.' FROM numbers;
    INSERT INTO events (type, request_id, workspace, at, data)
      SELECT types.value, requests.id, workspace, created_at, '{"bytes":23}'
      FROM requests, json_each('${types}') AS types WHERE created_at < ${endedAt + OLD + 1} ORDER BY requests.seq;
    INSERT INTO deliveries (id, lane, kind, rank, request_id, workspace, event_type, event_at, event_data, state,
        attempts, unsure, created_at, owed_since, ended_at)
      SELECT 'msg_' || id, 'webhook:https://example.org/', 'answer', 0, id, workspace, 'request.completed', created_at,
        '{}', 'sent', 1, 0, created_at, created_at, completed_at
      FROM requests WHERE created_at < ${endedAt + OLD + 1} ORDER BY seq;
    COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`);
  db.close();
}

function countOld(database: string): number {
  const db = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
  const found = db
    .prepare(
      `SELECT (SELECT count(*) FROM requests WHERE state = 'completed')
        + (SELECT count(*) FROM deliveries WHERE state = 'sent') AS count`,
    )
    .get();
  db.close();
  return Number(found?.['count']);
}
