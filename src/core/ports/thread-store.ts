import type { ThreadPlace, ThreadRecord } from '../model/thread.ts';

/** Which workspace is spoken to in which thread. */
export interface ThreadStore {
  /** Binds a thread to its workspace; one that is bound is returned as it is. */
  bindThread(thread: ThreadRecord): Promise<{ readonly thread: ThreadRecord; readonly created: boolean }>;
  /** The one that was bound last, should several transports have an equal id. Null when there is none. */
  findThread(threadId: string): Promise<ThreadRecord | null>;
  readThread(place: ThreadPlace): Promise<ThreadRecord | null>;
  /** Binds a known thread to another workspace. Null when it is not known. */
  rebindThread(place: ThreadPlace, workspace: string): Promise<ThreadRecord | null>;
  /** The one that was bound last comes first. */
  listThreads(limit: number): Promise<readonly ThreadRecord[]>;
  countThreads(): Promise<number>;
}
