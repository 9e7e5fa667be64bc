import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openApprovalsOf } from '../../../../src/store/approvals/approval-queries.ts';
import { migrate } from '../../../../src/store/sqlite/migrate.ts';
import * as deliveryQueries from '../../../../src/store/deliveries/delivery-queries.ts';
import * as deliveryLists from '../../../../src/store/deliveries/list-queries.ts';
import * as eventQueries from '../../../../src/store/events/event-queries.ts';
import * as quickQueries from '../../../../src/store/quick/quick-queries.ts';
import * as keyQueries from '../../../../src/store/requests/key-queries.ts';
import * as queries from '../../../../src/store/requests/queries.ts';
import { listedRequests, type FilterName } from '../../../../src/store/requests/list-queries.ts';
import * as spendingQueries from '../../../../src/store/spending/spending-queries.ts';
import { toOpeningError } from '../../../../src/store/sqlite/storage-error.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/open.ts';
import { threadsById, threadAt } from '../../../../src/store/threads/thread-queries.ts';
import { aRequest, ROOMY, T0 } from '../../../contract/store-fixtures.ts';

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-sqlite-'));
  file = join(dir, 'gateway.db');
});

afterEach(() => rm(dir, { recursive: true }));

describe('the database file', () => {
  test('only its owner may read it, nor what SQLite puts beside it', async () => {
    const store = await openSqliteStore({ file });
    await store.probe();
    const names = await readdir(dir);
    const modes = await Promise.all(names.map(async (name) => (await stat(join(dir, name))).mode & 0o777));
    expect(names).toContain('gateway.db-wal');
    expect(modes).toEqual(names.map(() => 0o600));
    await store.close();
  });

  test('a file of a newer gateway is refused and left as it is', async () => {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 999');
    db.close();
    await expect(openSqliteStore({ file })).rejects.toThrow(/written by a newer gateway \(version 999/);
    expect(await readdir(dir)).toEqual(['gateway.db']);
  });

  test('A18: one of another program, and one that has lost its tables, is refused and left as it is', async () => {
    for (const sql of ['CREATE TABLE notes (a)', 'PRAGMA user_version = 1']) {
      await rm(file, { force: true });
      const db = new DatabaseSync(file);
      db.exec(sql);
      db.close();
      const before = await readFile(file);
      await expect(openSqliteStore({ file })).rejects.toThrow(`${file} is no database of a gateway`);
      expect(await readFile(file)).toEqual(before);
    }
  });

  test('A19: a damaged one is named, with the way out', async () => {
    await writeFile(file, 'no database at all, but text of some length'.repeat(100));
    await expect(openSqliteStore({ file })).rejects.toThrow(
      new RegExp(`DATA_DIR: ${file} is damaged .*restore it from a backup, or move it away`),
    );
  });

  test.each([
    ['ENOSPC', { code: 'ENOSPC' }],
    ['of SQLite', { errcode: 13, errstr: 'database or disk is full' }],
  ])('A19: a full disk, as %s, is told with the file and the way out', (_name, fields) => {
    const told = toOpeningError(Object.assign(new Error('no'), fields), '/data/gatehouse.db');
    expect(String(told)).toMatch(/DATA_DIR: \/data\/gatehouse.db cannot be written .*make room on its disk/);
  });

  test('a file of the first version is brought up to date, and all in it is kept', async () => {
    const before = await openSqliteStore({ file });
    await before.accept(aRequest('a'), ROOMY, null);
    await before.updateSession('demo', { agentSessionId: 'uuid-1' });
    const kept = [await before.listUnended(), await before.listSessions(), await before.listEvents(0, 10)];
    await before.close();
    takeBackToFirstVersion();
    const store = await openSqliteStore({ file });
    expect([await store.listUnended(), await store.listSessions(), await store.listEvents(0, 10)]).toEqual(kept);
    expect(await store.readRules('demo')).toEqual([]);
    expect(await store.listApprovals({}, 10)).toEqual({ approvals: [], total: 0 });
    expect(await store.countRequests('demo')).toEqual({ active: 1, total: 1 });
    await store.accept(aRequest('b'), ROOMY, null);
    expect(await store.countRequests('demo')).toEqual({ active: 2, total: 2 });
    expect((await store.claim('demo', T0))?.id).toBe('a');
    await store.close();
  });

  test('two turns of one session cannot run, whatever the code does', () => {
    const db = openMigrated();
    const insert = (id: string) =>
      db.exec(`INSERT INTO requests (id, workspace, session_id, agent, source, identity, priority, rank, timeout_ms,
        created_at, epoch, prompt, state, phase)
        VALUES ('${id}', 'demo', 1, 'claude', 'http', '{}', 'normal', 2, 1000, 0, 1, 'hi', 'running', 'working')`);
    insert('a');
    expect(() => insert('b')).toThrow('UNIQUE');
    db.close();
  });
});

describe('the plans of the queries', () => {
  test.each([
    ['oldestQueued', queries.oldestQueued.sqlite.sql, 'queue_by_arrival'],
    ['firstOfHighestClass', queries.firstOfHighestClass.sqlite.sql, 'queue_by_class'],
    ['runningInSession', queries.runningInSession.sqlite.sql, 'one_running_turn_per_session'],
    ['queuedAhead', queries.queuedAhead.sqlite.sql, 'COVERING INDEX queue_by_arrival'],
    ['nthLastStarted', queries.nthLastStarted.sqlite.sql, 'started_by_arrival'],
    ['lastCompleted', queries.lastCompleted.sqlite.sql, 'COVERING INDEX completed_by_end'],
    ['endWaitingSince', queries.endWaitingSince.sqlite.sql, 'queue_by_age'],
    ['startQueued', queries.startQueued.sqlite.sql, 'sqlite_autoindex_requests_1'],
    ['requestById', queries.requestById.sqlite.sql, 'sqlite_autoindex_requests_1'],
    ['openApprovalsOf', openApprovalsOf.sqlite.sql, 'open_approvals'],
    ['threadAt', threadAt.sqlite.sql, 'sqlite_autoindex_threads_1'],
    ['threadsById', threadsById.sqlite.sql, 'threads_by_id'],
  ])('%s searches its index and sorts nothing', (_name, sql, index) => {
    const plan = explain(sql);
    expect(plan).toHaveLength(1);
    expect(plan[0]).toMatch(new RegExp(`^SEARCH .*${index} `));
  });

  test.each<[FilterName, string]>([
    ['none', 'requests_by_time'],
    ['workspace', 'requests_by_workspace'],
    ['source', 'requests_by_source'],
    ['state', 'ended_by_state'],
    ['workspace and state', 'ended_by_workspace_and_state'],
    ['state and source', 'ended_by_state_and_source'],
    ['workspace and source', 'requests_by_workspace'],
    ['queued', 'queue_by_age'],
    ['running', 'running_by_age'],
    ['all', 'ended_by_workspace_and_state'],
  ])('a list of requests by %s searches its index and sorts nothing', (name, index) => {
    const plan = explain(listedRequests(name, null).sqlite.sql);
    expect(plan).toHaveLength(1);
    expect(plan[0]).toMatch(
      new RegExp(`^SEARCH requests USING INDEX ${index} \\(.*created_at>\\? AND created_at<\\?\\)`),
    );
  });

  test.each([
    ['headOfLane', deliveryQueries.headOfLane.sqlite.sql, 'INDEX owed_by_lane (lane=?)'],
    ['provenLane', deliveryQueries.provenLane.sqlite.sql, 'COVERING INDEX deliveries_by_lane (lane=? AND state=?)'],
    ['owedBehind', deliveryQueries.owedBehind.sqlite.sql, 'INTEGER PRIMARY KEY (rowid>?)'],
    ['owedToWebhook', deliveryQueries.owedToWebhook.sqlite.sql, 'INDEX owed_by_webhook (webhook_id=?)'],
    ['beginSending', deliveryQueries.beginSending.sqlite.sql, 'INDEX sqlite_autoindex_deliveries_1 (id=?)'],
    ['waitAgain', deliveryQueries.waitAgain.sqlite.sql, 'INDEX sqlite_autoindex_deliveries_1 (id=?)'],
    ['endSending', deliveryQueries.endSending.sqlite.sql, 'INDEX sqlite_autoindex_deliveries_1 (id=?)'],
    ['newestDeliveries', deliveryLists.newestDeliveries.sqlite.sql, 'INTEGER PRIMARY KEY (rowid<?)'],
    [
      'deliveriesOfRequest',
      deliveryLists.deliveriesOfRequest.sqlite.sql,
      'INDEX deliveries_by_request (request_id=? AND seq<?)',
    ],
    ['deliveryBySeq', deliveryLists.deliveryBySeq.sqlite.sql, 'INTEGER PRIMARY KEY (rowid=?)'],
    ['toldApproval', deliveryQueries.toldApproval.sqlite.sql, 'INDEX deliveries_by_request (request_id=?)'],
  ])('%s of deliveries searches its index and sorts nothing', (_name, sql, index) => {
    const [first, ...others] = explain(sql);
    expect(first).toBe(`SEARCH deliveries USING ${index}`);
    expect(others.filter((step) => !step.startsWith('SEARCH failing_lanes USING PRIMARY KEY (lane=?)'))).toEqual([]);
  });

  test.each([
    ['owedLanes', deliveryQueries.owedLanes.sqlite.sql, /^SCAN deliveries USING INDEX owed_by_lane$/],
    ['owedCount', deliveryQueries.owedCount.sqlite.sql, /^SCAN deliveries USING INDEX owed_by_/],
    ['failingLanes', deliveryQueries.failingLanes.sqlite.sql, /^SCAN failing_lanes USING INDEX failing_by_age$/],
  ])('%s looks at nothing that has ended', (_name, sql, plan) => {
    expect(explain(sql)).toEqual([expect.stringMatching(plan)]);
  });

  const scopes = deliveryLists.SCOPES.flatMap((scope, at) =>
    [[], ...deliveryLists.SCOPES.slice(at + 1).map((other) => [other]), deliveryLists.SCOPES.slice(at + 1)].map(
      (others) => [scope, others] as const,
    ),
  );

  test.each([[null, []] as const, ...scopes])(
    'a list of deliveries by %s, sifted by %j, goes to the very place of a state and a kind',
    (scope, others) => {
      const place = scope === null ? '' : `${scope}=? AND `;
      const wanted = scope === 'request_id' ? '(request_id=? AND seq<?)' : `(${place}state=? AND kind=? AND seq<?)`;
      const plan = explain(deliveryLists.placesBy(scope, others).sqlite.sql);
      expect(plan.map((step) => step.replace('COVERING ', ''))).toEqual([
        `SEARCH deliveries USING INDEX ${DELIVERIES_BY[scope ?? 'state']} ${wanted}`,
      ]);
    },
  );

  test.each([
    ['allQueued', queries.allQueued.sqlite.sql, 'queue_by_age'],
    ['allRunning', queries.allRunning.sqlite.sql, 'running_by_age'],
  ])('%s looks at nothing that has ended', (_name, sql, index) => {
    expect(explain(sql)).toEqual([`SCAN requests USING INDEX ${index}`]);
  });

  test.each([
    ['longestQueued', queries.longestQueued.sqlite.sql, 'SCAN requests USING COVERING INDEX queue_by_age'],
    ['lastPauseEvent', eventQueries.lastPauseEvent.sqlite.sql, 'SCAN events USING INDEX pauses'],
  ])('%s takes the first entry of its index', (_name, sql, plan) => {
    expect(sql).toMatch(/ limit 1$/);
    expect(explain(sql)).toEqual([plan]);
  });

  test.each([
    ['turnsOf', quickQueries.turnsOf.sqlite.sql, 'SEARCH requests USING INDEX requests_by_workspace (workspace=?)'],
    [
      'lastRequests',
      quickQueries.lastRequests.sqlite.sql,
      'SEARCH requests USING INDEX requests_by_workspace (workspace=?)',
    ],
    ['costSince', spendingQueries.costSince.sqlite.sql, 'SEARCH spending USING COVERING INDEX spending_by_time (at>?)'],
    [
      'costOfSession',
      spendingQueries.costOfSession.sqlite.sql,
      'SEARCH spending USING COVERING INDEX spending_by_session (session_id=?)',
    ],
    [
      'activeOfKey',
      keyQueries.activeOfKey.sqlite.sql,
      'SEARCH requests USING COVERING INDEX active_by_key (key=? AND completed_at=?)',
    ],
    [
      'acceptedOfKey',
      keyQueries.acceptedOfKey.sqlite.sql,
      'SEARCH requests USING COVERING INDEX requests_by_key (key=? AND created_at>?)',
    ],
    [
      'costOfKey',
      spendingQueries.costOfKey.sqlite.sql,
      'SEARCH spending USING COVERING INDEX spending_by_key (key=? AND at>?)',
    ],
    ['lastTools', quickQueries.lastTools.sqlite.sql, 'SEARCH events USING INDEX tools_by_workspace (workspace=?)'],
  ])('%s looks at what it asks for alone', (_name, sql, plan) => {
    expect(explain(sql)).toContain(plan);
  });
});

const DELIVERIES_BY = {
  request_id: 'deliveries_by_request',
  webhook_id: 'deliveries_by_webhook',
  lane: 'deliveries_by_lane',
  workspace: 'deliveries_by_workspace',
  state: 'deliveries_by_state',
};

function explain(sql: string): readonly string[] {
  const db = openMigrated();
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  db.close();
  return plan.map((row) => String(row['detail']));
}

function takeBackToFirstVersion(): void {
  const db = new DatabaseSync(file);
  db.exec(`DROP INDEX pauses; DROP TRIGGER session_accepts; ALTER TABLE sessions DROP COLUMN accepted;
    CREATE INDEX requests_by_session ON requests (session_id);
    DROP TABLE owed_answers; DROP INDEX kept_keys; DROP INDEX idempotency_by_request; ALTER TABLE idempotency DROP COLUMN kept;
    DROP INDEX events_by_request; DROP INDEX events_by_workspace;
    DROP INDEX requests_by_time; DROP INDEX requests_by_workspace; DROP INDEX requests_by_source;
    DROP INDEX running_by_age; DROP INDEX ended_by_state; DROP INDEX ended_by_workspace_and_state; DROP INDEX ended_by_state_and_source;
    ALTER TABLE requests DROP COLUMN told_position;
    ALTER TABLE requests DROP COLUMN altered; ALTER TABLE requests DROP COLUMN arrived; ALTER TABLE requests DROP COLUMN conversation_lost;
    DROP TABLE keys; DROP INDEX requests_by_key; DROP INDEX active_by_key; ALTER TABLE requests DROP COLUMN key;
    ALTER TABLE requests DROP COLUMN trace;
    DROP TABLE spending; DROP TABLE audit;
    DROP TABLE deliveries; DROP TABLE failing_lanes; DROP TABLE webhooks; DROP TABLE threads;
    DROP TABLE quick_sessions; DROP TABLE quick_ids; DROP INDEX tools_by_workspace;
    DROP TABLE hooks; ALTER TABLE requests DROP COLUMN hook_metadata;
    DROP INDEX usage_pending; ALTER TABLE requests DROP COLUMN usage_pending;
    DROP TABLE approvals; ALTER TABLE sessions DROP COLUMN rules;
    DROP INDEX queue_by_age; DROP INDEX completed_by_end; PRAGMA user_version = 1`);
  db.close();
}

function openMigrated(): DatabaseSync {
  const db = new DatabaseSync(file);
  migrate(db, file);
  return db;
}
