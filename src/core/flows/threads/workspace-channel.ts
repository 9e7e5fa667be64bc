import type { Clock } from '../../ports/clock.ts';
import type { ThreadStore } from '../../ports/thread-store.ts';
import type { TaskChannelFactory } from '../../ports/task-channels.ts';

/** Its workspaces are named `task-<id>`. */
const NAME = 'task';

export interface WorkspaceChannelDeps {
  readonly store: Pick<ThreadStore, 'readThread'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Stands in for a chat: each task gets a thread that is nothing but its workspace. The id is the time in milliseconds,
 *  or the next one that is free: the folder of an earlier life, whose database is gone, is not taken for a new task,
 *  and no chat counts like this. */
export function createWorkspaceChannel({ store, clock }: WorkspaceChannelDeps): TaskChannelFactory {
  let last = 0;

  return {
    name: NAME,
    chat: '',
    async create() {
      let id: number;
      // Counted on before the wait, so that nobody else gets it meanwhile.
      do id = last = Math.max(clock.now(), last + 1);
      while (await isTaken(id));
      return String(id);
    },
  };

  async function isTaken(id: number): Promise<boolean> {
    return (await store.readThread({ transport: NAME, chat: '', threadId: String(id) })) !== null;
  }
}
