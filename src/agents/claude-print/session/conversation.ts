import type { PrintSessionParts } from './parts.ts';

/** The conversation that an agent is in by now. */
export interface Conversation {
  readonly agentSessionId: string;
  /** The agent says in which one it is. */
  named(agentSessionId: string): void;
}

type ConversationParts = Pick<PrintSessionParts, 'agentSessionId' | 'name' | 'listener' | 'onMoved' | 'log'>;

export function followConversation({ agentSessionId, name, listener, onMoved, log }: ConversationParts): Conversation {
  let current = agentSessionId;
  return {
    get agentSessionId() {
      return current;
    },
    named(next) {
      if (next === current) return;
      current = next;
      log.info({ session: name }, 'session.moved');
      listener.noticed({ type: 'session.moved', data: { agentSessionId: next } });
      listener.moved(next);
      onMoved(next).catch((error: unknown) => log.error({ session: name, error: String(error) }, 'launch.not_written'));
    },
  };
}
