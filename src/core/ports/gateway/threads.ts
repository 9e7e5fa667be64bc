import type { ThreadRecord } from '../../model/thread.ts';

/** Where people and programs speak to workspaces. */
export interface ThreadsApi {
  /** Opens a thread for a task of this name by a task channel, that of `platform` or the first configured one, and binds
   *  it to a workspace of its own. Throws `draining`, `no_task_channel`, and what the channel says. */
  open(name: string, platform?: string): Promise<ThreadView>;
  /** Whether there is a channel to open threads by. */
  canOpen(): boolean;
  /** Null when no thread has this id.
   *  @throws GatewayError `thread_ambiguous` when several have it, and `wish` does not say which */
  find(threadId: string, wish?: ThreadWish): Promise<ThreadView | null>;
  /** The newest first. */
  list(limit: number): Promise<readonly ThreadView[]>;
  count(): Promise<number>;
}

/** Which of several threads is meant. */
export interface ThreadWish {
  readonly platform?: string;
  /** Of several, the one that speaks to this workspace. */
  readonly workspace?: string;
}

export interface ThreadView extends ThreadRecord {
  /** The folder of its workspace. */
  readonly cwd: string;
  /** What is delivered to; null where nothing is. */
  readonly address: string | null;
  /** Where people find it, if its network has such a place. */
  readonly link: string | null;
  /** Its session has an agent; work resumes one that sleeps. */
  readonly isLive: boolean;
  readonly isRunning: boolean;
}
