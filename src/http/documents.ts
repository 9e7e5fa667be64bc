import { hasEnded } from '../core/model/request.ts';
import { toSessionName } from '../core/model/workspace.ts';
import type { RequestView, SessionView } from '../core/ports/gateway.ts';
import type { SessionDocument, StatusDocument } from './schemas.ts';

/** Longer answers are read at `/status/{requestId}/output`. */
const INLINE_TEXT_MAX_BYTES = 65_536;

export function toStatusDocument({ request, position, pause }: RequestView, now: number): StatusDocument {
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
    pause: pause === null ? null : { ...pause },
    estimatedCompletionAt: null,
    retries: request.retries,
    output: toOutput(request.text),
    usage: request.usage === null ? null : { ...request.usage },
    approvals: [],
    deliveries: [],
  };
}

function toOutput(text: string | null): StatusDocument['output'] {
  if (text === null) return { available: false, bytes: 0 };
  const bytes = Buffer.byteLength(text);
  return { available: true, bytes, ...(bytes <= INLINE_TEXT_MAX_BYTES ? { text } : {}) };
}

export function toSessionDocument(session: SessionView): SessionDocument {
  return {
    workspace: session.workspace,
    sessionName: session.sessionName,
    agent: session.agent,
    agentSessionId: session.agentSessionId,
    status: session.status,
    createdAt: session.createdAt,
    lastActivityAt: session.lastActivityAt,
    activeRequests: session.activeRequests,
    totalRequests: session.totalRequests,
    age: session.age,
    attach: session.attach,
    attached: session.attached,
    process: session.process === null ? null : { ...session.process },
  };
}
