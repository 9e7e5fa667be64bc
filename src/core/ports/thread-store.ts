import type { ThreadPlace, ThreadRecord } from '../model/thread.ts';

/** Which workspace is spoken to in which thread. */
export interface ThreadStore {
  /** Binds a thread to its workspace; one that is bound is returned as it is. */
  bindThread(thread: ThreadRecord): Promise<{ readonly thread: ThreadRecord; readonly created: boolean }>;
  /** All that have this id, in whatever transports and chats, the one that was bound last first. */
  findThreads(threadId: string): Promise<readonly ThreadRecord[]>;
  readThread(place: ThreadPlace): Promise<ThreadRecord | null>;
  /** Binds a known thread to another workspace. Null when it is not known. */
  rebindThread(place: ThreadPlace, workspace: string): Promise<ThreadRecord | null>;
  /** A message in a known thread was a command, or refused: nothing more comes of it, also when the network tells of it
   *  again. The last hundred of a thread are remembered. */
  noteHandled(place: ThreadPlace, messageId: string): Promise<void>;
  isHandled(place: ThreadPlace, messageId: string): Promise<boolean>;
  /** The one that was bound last comes first. */
  listThreads(limit: number): Promise<readonly ThreadRecord[]>;
  countThreads(): Promise<number>;
}
