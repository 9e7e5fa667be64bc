import { FIRST_MIGRATIONS } from './first-migrations.ts';

/** Forward only: the place in the list is the version. A released migration is never edited; add another one. */
export const MIGRATIONS: readonly string[] = [
  ...FIRST_MIGRATIONS,
  `
  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    rank INTEGER NOT NULL,
    request_id TEXT,
    workspace TEXT,
    webhook_id TEXT,
    event_type TEXT NOT NULL,
    event_at INTEGER NOT NULL,
    event_data TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'refused', 'given_up')),
    attempts INTEGER NOT NULL,
    unsure INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    owed_since INTEGER NOT NULL,
    ended_at INTEGER,
    last_error TEXT,
    link TEXT,
    messages TEXT NOT NULL DEFAULT '[]',
    CHECK ((state IN ('waiting', 'sending')) = (ended_at IS NULL))
  ) STRICT;
  -- What is owed is few among all that ever was.
  CREATE INDEX owed_by_lane ON deliveries (lane, rank, seq) WHERE ended_at IS NULL;
  CREATE INDEX owed_by_webhook ON deliveries (webhook_id) WHERE ended_at IS NULL;
  CREATE INDEX deliveries_by_request ON deliveries (request_id, seq) WHERE request_id IS NOT NULL;
  CREATE INDEX deliveries_by_lane ON deliveries (lane, seq);
  CREATE INDEX deliveries_by_workspace ON deliveries (workspace, seq);
  CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, seq) WHERE webhook_id IS NOT NULL;
  CREATE INDEX deliveries_by_state ON deliveries (state, seq);

  INSERT INTO deliveries (id, lane, kind, rank, request_id, workspace, event_type, event_at, event_data, state, attempts,
      unsure, created_at, owed_since)
    SELECT 'msg_' || lower(hex(randomblob(18))), 'file:' || file, 'answer', 0, request_id, workspace, 'request.' || state,
      completed_at, '{}', 'waiting', 0, 0, completed_at, completed_at
    FROM owed_answers JOIN requests ON requests.id = request_id
    WHERE attended = 0 AND completed_at IS NOT NULL ORDER BY requests.seq;
  DELETE FROM owed_answers WHERE attended = 0 AND request_id IN (SELECT request_id FROM deliveries);

  -- Only the lanes that fail have a row.
  CREATE TABLE failing_lanes (
    lane TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    failing_since INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    paused_at INTEGER,
    last_error TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE webhooks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    workspaces TEXT,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    secrets TEXT NOT NULL
  ) STRICT;

  -- An id of a thread may be larger than an integer is exact in JavaScript, so it is text.
  CREATE TABLE threads (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    transport TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    workspace TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (transport, chat, thread_id)
  ) STRICT;
  CREATE INDEX threads_by_id ON threads (thread_id);
  CREATE INDEX threads_by_workspace ON threads (workspace);
  `,
  `
  -- A list of deliveries takes one look for each state and kind: whatever it is filtered by, nothing is walked through.
  -- The workspace behind the place sifts without a look at the table.
  DROP INDEX deliveries_by_lane;
  DROP INDEX deliveries_by_workspace;
  DROP INDEX deliveries_by_webhook;
  DROP INDEX deliveries_by_state;
  CREATE INDEX deliveries_by_lane ON deliveries (lane, state, kind, seq, workspace);
  CREATE INDEX deliveries_by_workspace ON deliveries (workspace, state, kind, seq);
  CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, state, kind, seq, workspace)
    WHERE webhook_id IS NOT NULL;
  CREATE INDEX deliveries_by_state ON deliveries (state, kind, seq);

  DROP INDEX owed_by_webhook;
  CREATE INDEX owed_by_webhook ON deliveries (webhook_id, rank, seq) WHERE ended_at IS NULL;
  CREATE INDEX failing_by_age ON failing_lanes (failing_since);
  `,
  `
  -- What a network tells again is not done after all.
  ALTER TABLE threads ADD COLUMN handled TEXT NOT NULL DEFAULT '[]';
  `,
  `
  ALTER TABLE requests ADD COLUMN hook_metadata TEXT;

  -- Those of HOOKS_FILE, as it was read last: what an end makes owed is decided in its transaction.
  CREATE TABLE hooks (
    place INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    events TEXT NOT NULL,
    fail_closed INTEGER NOT NULL,
    sources TEXT,
    workspaces TEXT
  ) STRICT;
  `,
  `
  CREATE TABLE quick_sessions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    repo TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('starting', 'ready', 'expired', 'removing')),
    path TEXT,
    branch TEXT,
    base TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  -- An id names a branch and a folder, which may outlive the session: none is given twice.
  CREATE TABLE quick_ids (last INTEGER NOT NULL) STRICT;
  INSERT INTO quick_ids VALUES (0);
  -- Few among the pieces of text around them.
  CREATE INDEX tools_by_workspace ON events (workspace, seq) WHERE type = 'tool.started';
  `,
  `
  -- It outlives requests and sessions, which is why it repeats what it says of them.
  CREATE TABLE spending (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    workspace TEXT NOT NULL,
    key TEXT,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    cost_micro_usd INTEGER
  ) STRICT;
  -- What each acceptance asks is in the index alone.
  CREATE INDEX spending_by_time ON spending (at, cost_micro_usd);
  CREATE INDEX spending_by_session ON spending (session_id, cost_micro_usd);

  INSERT INTO spending (at, request_id, session_id, workspace, key, model, input_tokens, output_tokens,
      cache_read_tokens, cache_write_tokens, cost_micro_usd)
    SELECT completed_at, requests.id, session_id, workspace,
      CASE WHEN source IN ('telegram', 'discord') THEN source || ':' ELSE '' END || (identity ->> 'user_id'),
      part.value ->> 'model', part.value ->> 'inputTokens', part.value ->> 'outputTokens',
      part.value ->> 'cacheReadTokens', part.value ->> 'cacheWriteTokens', part.value ->> 'costMicroUsd'
    FROM requests, json_each(requests.usage, '$.models') AS part
    WHERE requests.usage IS NOT NULL AND completed_at IS NOT NULL ORDER BY requests.seq;
  `,
  `
  ALTER TABLE requests ADD COLUMN usage_pending INTEGER NOT NULL DEFAULT 0;
  -- Some of the last second.
  CREATE INDEX usage_pending ON requests (seq) WHERE usage_pending = 1;
  `,
  `
  CREATE TABLE keys (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    scopes TEXT NOT NULL,
    workspaces TEXT,
    rate_limit_max INTEGER,
    active_max INTEGER,
    daily_turns_max INTEGER,
    daily_cost_micro_usd_max INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER
  ) STRICT;

  -- Only of keys with limits: others are not counted.
  ALTER TABLE requests ADD COLUMN key TEXT;
  CREATE INDEX requests_by_key ON requests (key, created_at) WHERE key IS NOT NULL;
  CREATE INDEX active_by_key ON requests (key, completed_at) WHERE key IS NOT NULL AND completed_at IS NULL;
  CREATE INDEX spending_by_key ON spending (key, at, cost_micro_usd) WHERE key IS NOT NULL;
  `,
  `
  -- A request that goes away looks for what names it.
  CREATE INDEX idempotency_by_request ON idempotency (request_id);
  `,
  `
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    workspace TEXT,
    subject TEXT,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE requests ADD COLUMN trace TEXT;
  `,
];
