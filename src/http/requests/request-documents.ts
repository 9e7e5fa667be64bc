import { hasEnded, type RequestRecord } from '../../core/model/request.ts';
import { toSessionName } from '../../core/model/workspace.ts';
import type { RequestView } from '../../core/ports/gateway/requests.ts';
import type { ListedRequest } from '../../core/ports/store.ts';
import { toApprovalDocument } from '../approvals/approval-documents.ts';
import { toDeliveryDocument } from '../deliveries/delivery-documents.ts';
import type { RequestSummaryDocument } from './request-list-schemas.ts';
import type { StatusDocument } from './request-schemas.ts';

/** Longer answers are read at `/status/{requestId}/output`. */
const INLINE_TEXT_MAX_BYTES = 65_536;

export function toStatusDocument(
  { request, position, estimatedCompletionAt, pause, approvals, deliveries }: RequestView,
  now: number,
): StatusDocument {
  return {
    requestId: request.id,
    workspace: request.workspace,
    sessionName: toSessionName(request.workspace),
    agent: request.agent,
    source: request.source,
    priority: request.priority,
    prompt: toPromptDocument(request),
    conversationLost: request.conversationLost,
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
    pause: pause === null ? null : { ...pause },
    estimatedCompletionAt,
    retries: request.retries,
    output: toOutput(request.text),
    usage: toUsageDocument(request.usage),
    usagePending: request.usagePending,
    approvals: approvals.map(toApprovalDocument),
    deliveries: deliveries.map(toDeliveryDocument),
  };
}

function toUsageDocument(usage: RequestRecord['usage']): StatusDocument['usage'] {
  return usage === null ? null : { ...usage, models: usage.models.map((model) => ({ ...model })) };
}

function toPromptDocument({ prompt, altered, arrived }: RequestRecord): StatusDocument['prompt'] {
  if (altered.length === 0) return { altered: false, how: [] };
  const text = arrived ?? prompt;
  return {
    altered: true,
    how: [...altered],
    ...(Buffer.byteLength(text) <= INLINE_TEXT_MAX_BYTES ? { text } : {}),
  };
}

export function toSummaryDocument({ id, place: _place, bytes, ...request }: ListedRequest): RequestSummaryDocument {
  return { requestId: id, ...request, output: { available: bytes !== null, bytes: bytes ?? 0 } };
}

function toOutput(text: string | null): StatusDocument['output'] {
  if (text === null) return { available: false, bytes: 0 };
  const bytes = Buffer.byteLength(text);
  return { available: true, bytes, ...(bytes <= INLINE_TEXT_MAX_BYTES ? { text } : {}) };
}
