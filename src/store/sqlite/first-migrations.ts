/** The oldest of MIGRATIONS. */
export const FIRST_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace TEXT NOT NULL UNIQUE,
    agent TEXT NOT NULL,
    agent_session_id TEXT,
    created_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    agent TEXT NOT NULL,
    source TEXT NOT NULL,
    identity TEXT NOT NULL,
    priority TEXT NOT NULL,
    rank INTEGER NOT NULL,
    timeout_ms INTEGER NOT NULL,
    reply_to TEXT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'completed', 'failed', 'timed_out', 'cancelled')),
    phase TEXT,
    reason TEXT,
    retryable INTEGER,
    error TEXT,
    cancel_asked_at INTEGER,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    epoch INTEGER NOT NULL,
    transcript_offset INTEGER,
    usage TEXT,
    prompt TEXT NOT NULL,
    text TEXT,
    CHECK ((state = 'running') = (phase IS NOT NULL))
  ) STRICT;
  CREATE UNIQUE INDEX one_running_turn_per_session ON requests (workspace) WHERE state = 'running';
  CREATE INDEX queue_by_class ON requests (workspace, rank, seq) WHERE state = 'queued';
  CREATE INDEX queue_by_arrival ON requests (workspace, seq, rank, created_at) WHERE state = 'queued';
  CREATE INDEX started_by_arrival ON requests (workspace, seq) WHERE started_at IS NOT NULL;
  CREATE INDEX requests_by_session ON requests (session_id);

  -- Counting what waits at each acceptance would cost as much as the queue is long.
  -- The row of all queues together has the name '', which no workspace has.
  CREATE TABLE queue_lengths (workspace TEXT PRIMARY KEY, length INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TRIGGER queue_grows AFTER INSERT ON requests WHEN new.state = 'queued' BEGIN
    INSERT INTO queue_lengths VALUES (new.workspace, 1), ('', 1)
      ON CONFLICT (workspace) DO UPDATE SET length = length + 1;
  END;
  CREATE TRIGGER queue_grows_again AFTER UPDATE OF state ON requests
  WHEN new.state = 'queued' AND old.state <> 'queued' BEGIN
    UPDATE queue_lengths SET length = length + 1 WHERE workspace IN (new.workspace, '');
  END;
  CREATE TRIGGER queue_shrinks AFTER UPDATE OF state ON requests
  WHEN old.state = 'queued' AND new.state <> 'queued' BEGIN
    UPDATE queue_lengths SET length = length - 1 WHERE workspace IN (new.workspace, '');
  END;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    request_id TEXT,
    workspace TEXT NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;

  CREATE TABLE idempotency (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    request_id TEXT NOT NULL REFERENCES requests (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
  ) STRICT;
  CREATE INDEX idempotency_by_age ON idempotency (created_at);

  CREATE TABLE probes (id INTEGER PRIMARY KEY) STRICT;
  `,
  `
  CREATE TABLE approvals (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    request_id TEXT NOT NULL REFERENCES requests (id),
    workspace TEXT NOT NULL,
    kind TEXT NOT NULL,
    tool_use_id TEXT NOT NULL,
    subagent TEXT,
    tool TEXT NOT NULL,
    input TEXT NOT NULL,
    rules TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'allowed', 'denied', 'expired')),
    decision TEXT,
    decided_by TEXT,
    decided_at INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (request_id, tool_use_id)
  ) STRICT;
  CREATE INDEX open_approvals ON approvals (request_id) WHERE state = 'open';
  ALTER TABLE sessions ADD COLUMN rules TEXT NOT NULL DEFAULT '[]';
  `,
  `
  CREATE INDEX queue_by_age ON requests (created_at) WHERE state = 'queued';
  CREATE INDEX completed_by_end ON requests (workspace, completed_at, started_at) WHERE state = 'completed';
  `,
  `
  -- Counting what a session ever accepted would cost as much as it did.
  ALTER TABLE sessions ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0;
  UPDATE sessions SET accepted = (SELECT count(*) FROM requests WHERE session_id = sessions.id);
  DROP INDEX requests_by_session;
  CREATE TRIGGER session_accepts AFTER INSERT ON requests BEGIN
    UPDATE sessions SET accepted = accepted + 1 WHERE id = new.session_id;
  END;
  CREATE INDEX pauses ON events (seq) WHERE type IN ('agent.paused', 'agent.resumed');
  `,
  `
  CREATE INDEX events_by_request ON events (request_id, seq) WHERE request_id IS NOT NULL;
  CREATE INDEX events_by_workspace ON events (workspace, seq);
  `,
  `
  ALTER TABLE idempotency ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX kept_keys ON idempotency (owner, key) WHERE kept = 1;

  CREATE TABLE owed_answers (
    request_id TEXT PRIMARY KEY REFERENCES requests (id),
    file TEXT,
    attended INTEGER NOT NULL,
    CHECK (file IS NOT NULL OR attended = 1)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE requests ADD COLUMN told_position INTEGER;

  -- One for each filter of the list of requests, which would otherwise walk through all that does not fit. Those with
  -- a state are on expressions: the planner would take them for other queries, too.
  CREATE INDEX requests_by_time ON requests (created_at);
  CREATE INDEX requests_by_workspace ON requests (workspace, created_at, seq, source);
  CREATE INDEX requests_by_source ON requests (source, created_at);
  CREATE INDEX running_by_age ON requests (created_at) WHERE state = 'running';
  CREATE INDEX ended_by_state ON requests (state || '', created_at) WHERE completed_at IS NOT NULL;
  CREATE INDEX ended_by_workspace_and_state ON requests (workspace || ' ' || state, created_at, seq, source)
    WHERE completed_at IS NOT NULL;
  CREATE INDEX ended_by_state_and_source ON requests (state || ' ' || source, created_at)
    WHERE completed_at IS NOT NULL;
  `,
  `
  ALTER TABLE requests ADD COLUMN altered TEXT;
  ALTER TABLE requests ADD COLUMN arrived TEXT;
  `,
  `
  ALTER TABLE requests ADD COLUMN conversation_lost TEXT;
  `,
];
