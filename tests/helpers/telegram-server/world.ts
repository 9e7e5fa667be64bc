import type { MessageEntity, Update } from 'telegraf/types';
import type { ServerButton } from './check-text.ts';

export const BOT = { id: 7_000_000_001, is_bot: true, first_name: 'Gatehouse', username: 'gatehouse_bot' } as const;

export interface Topic {
  readonly id: number;
  readonly name: string;
  state: 'open' | 'closed' | 'deleted';
}

export interface ServerChat {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup';
  isForum: boolean;
  mayManageTopics: boolean;
  /** The bot was removed. */
  isKicked: boolean;
  readonly topics: Map<number, Topic>;
}

export interface ServerMessage {
  readonly id: number;
  readonly chat: number;
  readonly thread: number | null;
  text: string;
  entities: readonly MessageEntity[];
  buttons: readonly ServerButton[];
  readonly file: { readonly name: string; readonly text: string } | null;
  readonly isQuiet: boolean;
  readonly answers: number | null;
  /** All that it said, oldest first. */
  readonly versions: string[];
}

/** What a person wrote or sent. */
export interface WrittenMessage {
  readonly id: number;
  readonly chat: number;
  readonly thread: number | null;
  readonly text: string;
  readonly file: { readonly name: string; readonly text: string } | null;
}

export interface World {
  readonly chats: Map<number, ServerChat>;
  /** What the bot wrote. */
  readonly messages: ServerMessage[];
  /** What people wrote. */
  readonly written: WrittenMessage[];
  /** First names of people. */
  readonly names: Map<number, string>;
  readonly updates: Update[];
  /** What people sent, by the id of the file. */
  readonly files: Map<string, Buffer>;
  /** By the id of the press. */
  readonly pressAnswers: Map<string, string>;
  commands: readonly { readonly command: string; readonly description: string }[];
  nextId(): number;
}

export function createWorld(): World {
  let last = 100;
  return {
    chats: new Map(),
    messages: [],
    written: [],
    names: new Map(),
    updates: [],
    files: new Map(),
    pressAnswers: new Map(),
    commands: [],
    nextId: () => (last += 1),
  };
}

export function addChat(world: World, id: number, more: Partial<ServerChat> = {}): ServerChat {
  const type = id > 0 ? 'private' : String(id).startsWith('-100') ? 'supergroup' : 'group';
  const chat = {
    id,
    type,
    isForum: false,
    mayManageTopics: false,
    isKicked: false,
    topics: new Map(),
    ...more,
  } as const;
  world.chats.set(id, chat);
  return chat;
}
