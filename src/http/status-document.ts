import type { Static } from 'typebox';
import { hasEnded, type RequestRecord } from '../core/model/request.ts';
import { toSessionName } from '../core/model/workspace.ts';
import type { Status } from './schemas.ts';

/** A longer answer is read at its own address. */
const INLINE_MAX_BYTES = 65_536;

export function toStatusDocument(request: RequestRecord, position: number | null, now: number): Static<typeof Status> {
  const { text } = request;
  const bytes = text === null ? 0 : Buffer.byteLength(text);
  return {
    requestId: request.id,
    workspace: request.workspace,
    sessionName: toSessionName(request.workspace),
    agent: request.agent,
    source: request.source,
    priority: request.priority,
    state: request.state,
    phase: request.phase,
    reason: request.reason,
    retryable: request.retryable,
    error: request.error,
    createdAt: request.createdAt,
    startedAt: request.startedAt,
    completedAt: request.completedAt,
    elapsed: Math.max(0, now - request.createdAt),
    duration: Math.max(0, (request.completedAt ?? now) - request.createdAt),
    position: hasEnded(request.state) ? null : position,
    estimatedCompletionAt: null,
    retries: request.retries,
    output: { available: text !== null, bytes, ...(text !== null && bytes <= INLINE_MAX_BYTES && { text }) },
    usage: request.usage,
    approvals: [],
    deliveries: [],
  };
}
