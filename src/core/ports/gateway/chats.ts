import type { ChatPlace, Speaker } from '../../model/chat.ts';
import type { TaskChannelFactory } from '../task-channels.ts';
import type { Transport } from '../transport.ts';
import type { ThreadsApi } from './threads.ts';

/** What people say and press in the threads of a chat network. Nothing here rejects with what a person did wrong: they are
 *  told. It rejects when the disk refuses, or the gateway stops: the network's update then comes again. */
export interface ChatsApi {
  /** Resolves once what it asks is on disk. The same message again is the same request, and the same command nothing.
   *  Null: nothing is to be said, as to those who may not speak here. */
  said(message: ChatMessage): Promise<ChatReply | null>;
  /** An earlier message has another text: while its request waits, it is changed, at its place. */
  edited(message: ChatMessage): Promise<ChatReply | null>;
  /** An earlier message was taken back: while its request waits, it is cancelled. */
  deleted(place: Pick<ChatPlace, 'transport' | 'chat'>, messageId: string): Promise<void>;
  /** A button under an approval. */
  pressed(press: ChatPress): Promise<ChatReply>;
  /** A reply is a message, too: true at its turn among all that goes to this address, false
   *  when it need not be said: too much waits, or it would come too late. */
  turn(address: string, signal: AbortSignal): Promise<boolean>;
}

/** A network in which people speak: what delivers to it, and what hears them. */
export interface ChatNetwork {
  readonly transport: Transport;
  /** Hears from now on; `register` gets what opens threads for tasks, when it can, and returns what takes it back.
   *  `threads`: those that are known. */
  listen(
    chats: ChatsApi,
    register: (factory: TaskChannelFactory) => () => void,
    threads: Pick<ThreadsApi, 'find' | 'list'>,
  ): { close(): Promise<void> };
  close(): void;
}

export interface ChatMessage {
  readonly place: ChatPlace;
  /** Unique in its chat. */
  readonly messageId: string;
  readonly speaker: Speaker;
  /** May be empty when there are files. */
  readonly text: string;
  readonly files: readonly ChatFile[];
  /** Somebody else's words, handed on: they start nothing. */
  readonly isForwarded: boolean;
  /** Of a message that the network shows as several: one of them, with its own file alone. */
  readonly isPart?: true;
}

/** A file that came with a message; it is fetched only for those who may speak. */
export interface ChatFile {
  /** As its sender calls it. */
  readonly name: string;
  /** Null: not known before it is here. */
  readonly bytes: number | null;
  /** Rejects only when the network's listener closes: the message then comes again. */
  fetch(maxBytes: number): Promise<FetchedFile>;
}

export type FetchedFile =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  /** `why` goes on a sentence: "the file …". */
  | { readonly kind: 'failed'; readonly why: string };

export interface ChatPress {
  readonly place: ChatPlace;
  readonly speaker: Speaker;
  readonly data: string;
}

export interface ChatReply {
  readonly text: string;
}
