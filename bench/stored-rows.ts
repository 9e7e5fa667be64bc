import { DatabaseSync } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import type * as Migrations from '../src/store/sqlite/migrate.ts';
import { ROOT } from './gateway.ts';

export const WORKSPACES = 50;
/** What waits is bounded by QUEUE_MAX, however much was done before. */
const QUEUED = 100;
const CHUNK = 50_000;

/** Less than RETENTION_DAYS: none is forgotten while it is measured. */
const SINCE_MS = 20 * 86_400_000;
const PROMPT = 'List the open tasks of this repository, and say which of them is the oldest. It is number ';
const TEXT = 'The oldest open task is the first one. Nobody has taken it so far. '.repeat(4);

/** A database with so many requests of the last twenty days, made by the gateway's own migrations: all but the last hundred,
 *  which came just now, have ended, with text and events.
 *  Returns the ids of a thousand, from all of the time: every tenth waits. */
export async function storeRequests(file: string, count: number, signal: AbortSignal): Promise<readonly string[]> {
  const { migrate } = (await import(`${ROOT}/dist/store/sqlite/migrate.js`)) as typeof Migrations;
  const db = new DatabaseSync(file);
  try {
    migrate(db, file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
    insertSessions(db);
    for (let first = 1; first <= count; first += CHUNK) {
      signal.throwIfAborted();
      insertChunk(db, { first, last: Math.min(count, first + CHUNK - 1), count });
      await breathe();
    }
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return pickIds(db, count);
  } finally {
    db.close();
  }
}

function insertSessions(db: DatabaseSync): void {
  const insert = db.prepare(`INSERT INTO sessions (workspace, agent, created_at, last_activity_at)
    VALUES (?, 'claude', ?, ?)`);
  for (let at = 0; at < WORKSPACES; at += 1) insert.run(toWorkspace(at), Date.now() - SINCE_MS, Date.now());
}

interface Chunk {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

function insertChunk(db: DatabaseSync, { first, last, count }: Chunk): void {
  const now = Date.now();
  const [spacing, since, ended] = [SINCE_MS / count, now - SINCE_MS, count - QUEUED];
  db.exec('BEGIN');
  db.prepare(
    `WITH RECURSIVE numbers (i) AS (VALUES (CAST(:first AS INTEGER)) UNION ALL SELECT i + 1 FROM numbers WHERE i < :last),
     n AS (SELECT i, CAST(iif(i > :ended, :now, :since + i * :spacing) AS INTEGER) at,
       CASE WHEN i > :ended THEN 'queued' WHEN i % 20 = 7 THEN 'failed' ELSE 'completed' END state FROM numbers)
     INSERT INTO requests (seq, id, workspace, session_id, agent, source, identity, priority, rank, timeout_ms, state, reason,
       retryable, error, created_at, started_at, completed_at, epoch, transcript_offset, prompt, text)
     SELECT i, printf('req-%x-%s', at, lower(hex(randomblob(12)))), 'w' || (i % ${WORKSPACES}), i % ${WORKSPACES} + 1,
       'claude', 'http', '{"transport":"http","user_id":"default","channel_id":"http-api","thread_id":null}',
       'normal', 2, 1800000, state, iif(state = 'failed', 'agent_exited', NULL), iif(state = 'failed', 1, NULL),
       iif(state = 'failed', 'The agent ended.', NULL), at, iif(state = 'queued', NULL, at + 5),
       iif(state = 'queued', NULL, at + 20000 + i % 1000), iif(state = 'queued', 0, 1),
       iif(state = 'queued', NULL, i * 10), :prompt || i, iif(state = 'completed', :text, NULL)
     FROM n`,
  ).run({ first, last, now, spacing, since, ended, prompt: PROMPT, text: TEXT });
  db.prepare(
    `INSERT INTO events (type, request_id, workspace, at, data)
     SELECT type, id, workspace, created_at + after, '{}' FROM requests,
       (SELECT 'request.queued' type, 0 after UNION ALL SELECT 'request.started', 5
        UNION ALL SELECT 'request.submitting', 40 UNION ALL SELECT 'request.working', 90
        UNION ALL SELECT 'request.completed', 20000)
     WHERE seq BETWEEN :first AND :last AND (state <> 'queued' OR after = 0)`,
  ).run({ first, last });
  db.exec('COMMIT');
}

function pickIds(db: DatabaseSync, count: number): readonly string[] {
  const byPlace = db.prepare('SELECT id FROM requests WHERE seq = ?');
  const [picked, ended] = [1_000, count - QUEUED];
  const seqs = Array.from({ length: picked }, (_, at) =>
    at % 10 === 9 ? ended + (at + 1) / 10 : 1 + Math.floor((at * ended) / picked),
  );
  return seqs.map((seq) => String(byPlace.get(seq)?.['id']));
}

export function toWorkspace(at: number): string {
  return `w${at}`;
}
