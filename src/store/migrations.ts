import type { DatabaseSync } from 'node:sqlite';

/** Forward only: a released step is never changed, a new one is appended. */
const STEPS: readonly string[] = [
  `CREATE TABLE sessions (
     workspace TEXT PRIMARY KEY, agent TEXT NOT NULL, agent_session_id TEXT,
     created_at INTEGER NOT NULL, last_activity_at INTEGER NOT NULL);
   CREATE TABLE requests (
     number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, workspace TEXT NOT NULL, agent TEXT NOT NULL,
     source TEXT NOT NULL, identity TEXT NOT NULL, priority TEXT NOT NULL, rank INTEGER NOT NULL,
     overtaken INTEGER NOT NULL, prompt TEXT NOT NULL, timeout_ms INTEGER NOT NULL, reply_to TEXT,
     state TEXT NOT NULL, phase TEXT, reason TEXT, error TEXT, cancel_asked_at INTEGER,
     created_at INTEGER NOT NULL, started_at INTEGER, completed_at INTEGER, epoch INTEGER NOT NULL,
     transcript_offset INTEGER, text TEXT, usage TEXT);
   CREATE UNIQUE INDEX requests_one_running ON requests (workspace) WHERE state = 'running';
   CREATE INDEX requests_queued ON requests (workspace, rank, number) WHERE state = 'queued';
   CREATE INDEX requests_queued_age ON requests (workspace, number) WHERE state = 'queued';
   CREATE INDEX requests_by_workspace ON requests (workspace, created_at);
   CREATE TABLE events (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, request_id TEXT, workspace TEXT NOT NULL,
     at INTEGER NOT NULL, data TEXT NOT NULL);
   CREATE INDEX events_by_request ON events (request_id, seq);
   CREATE TABLE idempotency_keys (
     owner TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, request_id TEXT NOT NULL,
     created_at INTEGER NOT NULL, PRIMARY KEY (owner, key));
   CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);`,
];

/** Brings the database to this version of the program.
 *  @throws Error when a newer version wrote it. */
export function migrate(db: DatabaseSync, file: string): void {
  const row = db.prepare('PRAGMA user_version').get();
  const version = Number(row?.['user_version'] ?? 0);
  if (version > STEPS.length) {
    throw new Error(
      `${file} was written by a newer Gatehouse (schema ${version}, this one knows ${STEPS.length}): upgrade, or restore a backup`,
    );
  }
  for (const [index, step] of STEPS.entries()) {
    if (index < version) continue;
    db.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
