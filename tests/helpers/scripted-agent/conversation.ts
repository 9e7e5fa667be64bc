import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Launch } from './launch.ts';

/** What the agent and its person talk in. `/clear` begins another one. */
export interface Conversation {
  readonly id: string;
  /** Where the real CLI keeps it. */
  readonly file: string;
  /** Goes on under a new id, in a new file. */
  renew(): void;
}

export function createConversation({ sessionId, cwd, home }: Launch): Conversation {
  const folder = path.join(home, '.claude', 'projects', cwd.replaceAll(/[^a-zA-Z0-9]/g, '-'));
  let id = sessionId;
  return {
    get id() {
      return id;
    },
    get file() {
      return path.join(folder, `${id}.jsonl`);
    },
    renew() {
      id = randomUUID();
    },
  };
}
