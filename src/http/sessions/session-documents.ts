import type { SessionView } from '../../core/ports/gateway/sessions.ts';
import type { SessionDocument } from './session-schemas.ts';

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
    spent: { ...session.spent },
    age: session.age,
    attach: session.attach,
    attached: session.attached,
    permissionMode: session.permissionMode,
    process: session.process === null ? null : { ...session.process },
  };
}
