import type { ChatsApi } from '../core/ports/gateway/chats.ts';
import type { TaskChannelFactory } from '../core/ports/task-channels.ts';
import type { Transport } from '../core/ports/transport.ts';

/** A network in which people speak: what delivers to it, and what hears them. */
export interface ChatNetwork {
  readonly transport: Transport;
  /** Hears from now on; `register` gets what opens threads for tasks, when it can. */
  listen(chats: ChatsApi, register: (factory: TaskChannelFactory) => () => void): { close(): Promise<void> };
  close(): void;
}
