import type { TaskChannelFactory, TaskChannels } from '../../ports/task-channels.ts';

/** The factories come and go; which one is used first is settled beforehand. */
export interface TaskChannelList extends TaskChannels {
  /** The returned function takes it back. */
  register(factory: TaskChannelFactory): () => void;
}

/** `configured`: the names of those that there may be, the first one first. It is not passed over while it cannot be used:
 *  tasks would turn up where nobody looks for them. */
export function createTaskChannels(configured: readonly string[] = []): TaskChannelList {
  let factories: readonly TaskChannelFactory[] = [];
  const first = (): string | null => configured[0] ?? factories[0]?.name ?? null;

  return {
    find: (name) => factories.find((factory) => factory.name === (name ?? first())) ?? null,
    first,
    register(factory) {
      factories = [...factories, factory];
      return () => {
        factories = factories.filter((known) => known !== factory);
      };
    },
  };
}
