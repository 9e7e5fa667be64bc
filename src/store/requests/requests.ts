import type { RequestRecord } from '../../core/model/request.ts';
import type { ListedRequest, RequestFilter, RequestPlace } from '../../core/ports/store.ts';
import { listedRequests, type FilterName, type ListedRow } from './list-queries.ts';
import { queuedFor, runningFor } from './queue-queries.ts';
import { allQueued, allRunning, lastCompleted, longestQueued, oldestQueued, queuedOf, requestById } from './queries.ts';
import { usagePending } from '../spending/usage-queries.ts';
import { toRequest } from '../sql/rows.ts';
import { all, get, type Step } from '../sql/step.ts';

export function* readRequest(id: string): Step<RequestRecord | null> {
  const row = yield* get(requestById, { id });
  return row === undefined ? null : toRequest(row);
}

export function* readDurations(workspace: string, limit: number): Step<readonly number[]> {
  const rows = yield* all(lastCompleted, { workspace, limit });
  return rows.map(({ started_at, completed_at }) => (completed_at ?? 0) - (started_at ?? 0));
}

export function* readOldestQueuedAt(): Step<number | null> {
  return (yield* get(longestQueued, {}))?.created_at ?? null;
}

export function* listUnended(): Step<readonly RequestRecord[]> {
  const rows = [...(yield* all(allQueued, {})), ...(yield* all(allRunning, {}))];
  return rows.toSorted((a, b) => a.seq - b.seq).map(toRequest);
}

export function* hasQueued(workspace: string): Step<boolean> {
  return (yield* get(oldestQueued, { workspace })) !== undefined;
}

export function* listUsagePending(): Step<readonly RequestRecord[]> {
  return (yield* all(usagePending, {})).map(toRequest);
}

export function* listQueued(workspace: string): Step<readonly RequestRecord[]> {
  return (yield* all(queuedOf, { workspace })).map(toRequest);
}

export function* listRequests(
  filter: RequestFilter,
  behind: RequestPlace | null,
  limit: number,
): Step<readonly ListedRequest[]> {
  const { workspace, state, source, from = 0, to = Number.MAX_SAFE_INTEGER, reach = null } = filter;
  const { createdAt, seq } = behind ?? { createdAt: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };
  return (yield* all(listedRequests(nameOf(filter), reach), {
    // What is not named is not in the query either.
    workspace: workspace ?? '',
    state: state ?? 'queued',
    source: source ?? '',
    from,
    to,
    createdAt,
    seq,
    limit,
  })).map(toListed);
}

/** What runs and waits for an address, the newest first. */
export function* listUnendedFor(replyTo: string, limit: number): Step<readonly RequestRecord[]> {
  const rows = [...(yield* all(runningFor, { replyTo, limit })), ...(yield* all(queuedFor, { replyTo, limit }))];
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
