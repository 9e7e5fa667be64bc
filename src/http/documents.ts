import { questionsOf, type Answers, type ApprovalRecord, type Question } from '../core/model/approval.ts';
import { hasEnded } from '../core/model/request.ts';
import { toSessionName } from '../core/model/workspace.ts';
import type { RequestView } from '../core/ports/gateway/requests.ts';
import type { SessionView } from '../core/ports/gateway/sessions.ts';
import type { ListedRequest } from '../core/ports/store.ts';
import type { RequestSummaryDocument } from './requests/request-list-schemas.ts';
import type { ApprovalDocument, QuestionDocument } from './approvals/approval-schemas.ts';
import type { StatusDocument } from './requests/request-schemas.ts';
import type { SessionDocument } from './sessions/session-schemas.ts';

/** Longer answers are read at `/status/{requestId}/output`. */
const INLINE_TEXT_MAX_BYTES = 65_536;

export function toStatusDocument(
  { request, position, estimatedCompletionAt, pause, approvals }: RequestView,
  now: number,
): StatusDocument {
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
    estimatedCompletionAt,
    retries: request.retries,
    output: toOutput(request.text),
    usage: request.usage === null ? null : { ...request.usage },
    approvals: approvals.map(toApprovalDocument),
    deliveries: [],
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

export function toApprovalDocument(approval: ApprovalRecord): ApprovalDocument {
  const { decision, kind, input } = approval;
  return {
    id: approval.id,
    state: approval.state,
    kind,
    requestId: approval.requestId,
    workspace: approval.workspace,
    tool: approval.tool,
    input: { ...input },
    subagent: approval.subagent,
    canRemember: approval.rules.length > 0,
    rules: approval.rules.map((rule) => ({ ...rule })),
    questions: kind === 'question' ? questionsOf(input).map(toQuestionDocument) : null,
    decision: decision === null ? null : decision.allow ? 'allow' : 'deny',
    message: decision?.message ?? null,
    answers: decision?.answers === undefined || decision.answers === null ? null : toAnswers(decision.answers),
    decidedBy: approval.decidedBy,
    decidedAt: approval.decidedAt,
    createdAt: approval.createdAt,
    expiresAt: approval.expiresAt,
  };
}

function toQuestionDocument({ question, header, multiSelect, options }: Question): QuestionDocument {
  return { question, header, multiSelect, options: options.map((option) => ({ ...option })) };
}

function toAnswers(answers: Answers): Record<string, string | string[]> {
  const entries = Object.entries(answers);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]));
}
