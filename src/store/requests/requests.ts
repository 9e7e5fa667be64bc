import type { RequestRecord } from '../../core/model/request.ts';
import type { ListedRequest, RequestFilter, RequestPlace } from '../../core/ports/store.ts';
import { listedRequests, type FilterName, type ListedRow } from './list-queries.ts';
import { queuedFor, runningFor } from './queue-queries.ts';
import { toRequest } from '../sql/rows.ts';
import type { Statements } from '../sql/statements.ts';

export function listRequests(
  db: Statements,
  filter: RequestFilter,
  behind: RequestPlace | null,
  limit: number,
): readonly ListedRequest[] {
  const { workspace, state, source, from = 0, to = Number.MAX_SAFE_INTEGER } = filter;
  const { createdAt, seq } = behind ?? { createdAt: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };
  return db
    .all(listedRequests[nameOf(filter)], {
      // What is not named is not in the query either.
      workspace: workspace ?? '',
      state: state ?? 'queued',
      source: source ?? '',
      from,
      to,
      createdAt,
      seq,
      limit,
    })
    .map(toListed);
}

/** What runs and waits for an address, the newest first. */
export function listUnendedFor(db: Statements, replyTo: string, limit: number): readonly RequestRecord[] {
  const rows = [...db.all(runningFor, { replyTo, limit }), ...db.all(queuedFor, { replyTo, limit })];
  return rows
    .toSorted((one, other) => other.seq - one.seq)
    .slice(0, limit)
    .map(toRequest);
}

function nameOf({ workspace, state, source }: RequestFilter): FilterName {
  if (state === 'queued' || state === 'running') return state;
  if (workspace === undefined && state === undefined) return source === undefined ? 'none' : 'source';
  if (workspace === undefined) return source === undefined ? 'state' : 'state and source';
  if (state === undefined) return source === undefined ? 'workspace' : 'workspace and source';
  return source === undefined ? 'workspace and state' : 'all';
}

function toListed(row: ListedRow): ListedRequest {
  return {
    id: row.id,
    workspace: row.workspace,
    agent: row.agent,
    source: row.source,
    priority: row.priority,
    state: row.state,
    phase: row.phase,
    reason: row.reason,
    retryable: row.retryable === null ? null : row.retryable === 1,
    error: row.error,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    retries: Math.max(0, row.epoch - 1),
    bytes: row.bytes,
    place: { createdAt: row.created_at, seq: row.seq },
  };
}
