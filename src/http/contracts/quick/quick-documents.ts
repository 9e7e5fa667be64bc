import type { Identity } from '../../../core/model/request.ts';
import type { QuickMessage, QuickSession } from '../../../core/ports/quick/quick.ts';
import type { MessageDocument, SessionDocument } from './quick-schemas.ts';

/** Who typed a message. */
export function toIdentity(keyId: string | null): Identity {
  return { transport: 'quick', user_id: keyId, channel_id: 'quick', thread_id: null };
}

export function toSessionDocument(session: QuickSession): SessionDocument {
  return {
    id: session.id,
    repo: session.repo,
    status: session.status,
    worktree_path: session.worktreePath,
    claude_session_id: session.agentSessionId,
    created_at: toTime(session.createdAt),
    last_activity: toTime(session.lastActivityAt),
    message_count: session.messageCount,
    total_cost_usd: toUsd(session.costMicroUsd),
  };
}

export function toMessageDocument(message: QuickMessage): MessageDocument {
  return {
    id: message.id,
    session_id: message.sessionId,
    role: message.role,
    content: message.content,
    timestamp: toTime(message.at),
    cost_usd: message.costMicroUsd === null ? null : toUsd(message.costMicroUsd),
    tool_name: message.toolName,
    tool_input: message.toolInput,
  };
}

/** Millionths are exact; this is the number nearest to them. */
export function toUsd(micro: number): number {
  return micro / 1_000_000;
}

/** Without fractions, as the clients of seed 004 read it. */
function toTime(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
