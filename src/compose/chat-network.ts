import type { ChatsApi } from '../core/ports/gateway/chats.ts';
import type { ThreadsApi } from '../core/ports/gateway/threads.ts';
import type { TaskChannelFactory } from '../core/ports/task-channels.ts';
import type { Transport } from '../core/ports/transport.ts';

/** A network in which people speak: what delivers to it, and what hears them. */
export interface ChatNetwork {
  readonly transport: Transport;
  /** Hears from now on; `register` gets what opens threads for tasks, when it can. `threads`: those that are known. */
  listen(
    chats: ChatsApi,
    register: (factory: TaskChannelFactory) => () => void,
    threads: Pick<ThreadsApi, 'find' | 'list'>,
  ): { close(): Promise<void> };
  close(): void;
}
