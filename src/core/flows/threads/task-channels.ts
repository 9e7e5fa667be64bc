import type { TaskChannelFactory, TaskChannels } from '../../ports/task-channels.ts';

/** The factories come and go; which one is used first is settled beforehand. */
export interface TaskChannelList extends TaskChannels {
  /** The returned function takes it back. */
  register(factory: TaskChannelFactory): () => void;
}

/** `order`: names of factories as they are configured. Others come behind them, as they are registered. */
export function createTaskChannels(order: readonly string[] = []): TaskChannelList {
  let factories: readonly TaskChannelFactory[] = [];
  const rankOf = ({ name }: TaskChannelFactory): number => (order.includes(name) ? order.indexOf(name) : order.length);

  return {
    find: (name) => factories.find((factory) => name === undefined || factory.name === name) ?? null,
    register(factory) {
      factories = [...factories, factory].toSorted((one, other) => rankOf(one) - rankOf(other));
      return () => {
        factories = factories.filter((known) => known !== factory);
      };
    },
  };
}
