import type { Generated } from 'kysely';

/** Instants are epoch milliseconds; documents are JSON text. */
export interface Tables {
  readonly sessions: SessionsTable;
  readonly requests: RequestsTable;
  readonly events: EventsTable;
  readonly idempotency_keys: IdempotencyKeysTable;
}

export interface SessionsTable {
  readonly workspace: string;
  readonly agent: string;
  readonly agent_session_id: string | null;
  readonly created_at: number;
  readonly last_activity_at: number;
}

export interface RequestsTable {
  /** The order of arrival. */
  readonly number: Generated<number>;
  readonly id: string;
  readonly workspace: string;
  readonly agent: string;
  readonly source: string;
  readonly identity: string;
  readonly priority: string;
  /** 0 for the class that goes first. */
  readonly rank: number;
  /** How many later ones were claimed before it. */
  readonly overtaken: number;
  readonly prompt: string;
  readonly timeout_ms: number;
  readonly reply_to: string | null;
  readonly state: string;
  readonly phase: string | null;
  readonly reason: string | null;
  readonly error: string | null;
  readonly cancel_asked_at: number | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly epoch: number;
  readonly transcript_offset: number | null;
  readonly text: string | null;
  readonly usage: string | null;
}

export interface EventsTable {
  readonly seq: Generated<number>;
  readonly type: string;
  readonly request_id: string | null;
  readonly workspace: string;
  readonly at: number;
  readonly data: string;
}

export interface IdempotencyKeysTable {
  readonly owner: string;
  readonly key: string;
  readonly body_hash: string;
  readonly request_id: string;
  readonly created_at: number;
}
