import path from 'node:path';
import type { HookPayload } from '../hooks/hook-payload.ts';

/** One conversation of the CLI. A person may change to another one at the terminal, as with `/clear`. */
export interface Conversation {
  readonly agentSessionId: string;
  /** Of exactly this conversation; the file appears with the first prompt. */
  readonly transcript: string;
}

/** The conversation that an agent is in by now. */
export interface FollowedConversation {
  readonly current: Conversation;
  /** The agent changes to another one at this moment. */
  isMoving(): boolean;
  /** Takes what an agent hook tells of it. False: the rest of the payload is not of the current conversation. */
  hear(payload: HookPayload): boolean;
}

/** Why the CLI may say that a session ends while its program goes on. */
const MOVES: ReadonlySet<string> = new Set(['clear', 'resume']);
const MOVE_MAX_MS = 10_000;

/** `moved` is called with each other one. */
export function followConversation(first: Conversation, moved: (next: Conversation) => void): FollowedConversation {
  let current = first;
  /** When the CLI said that it leaves it for another one. */
  let leftAt = -Infinity;

  const isMoving = (): boolean => performance.now() - leftAt < MOVE_MAX_MS;
  /** Of the same workspace: the CLI keeps a folder for each. */
  const isBeside = (transcript: string): boolean => path.dirname(transcript) === path.dirname(current.transcript);

  function move(next: Conversation): void {
    leftAt = -Infinity;
    if (next.agentSessionId === current.agentSessionId) return;
    current = next;
    moved(next);
  }

  return {
    get current() {
      return current;
    },
    isMoving,
    hear({ hook_event_name: event, session_id: agentSessionId, transcript_path: transcript, reason }) {
      if (event === 'SessionStart') {
        // A process that the agent started bears its token, too.
        if (transcript !== null && isMoving()) move({ agentSessionId, transcript });
        return false;
      }
      // The start of another conversation was told while no gateway listened; its prompts are ours to compare.
      if (event === 'UserPromptSubmit' && transcript !== null && isBeside(transcript))
        move({ agentSessionId, transcript });
      if (agentSessionId !== current.agentSessionId) return false;
      if (event === 'SessionEnd' && MOVES.has(reason ?? '')) leftAt = performance.now();
      return true;
    },
  };
}
