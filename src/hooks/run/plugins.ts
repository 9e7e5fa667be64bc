import { type RunEnd, type RunOrder, toComplaint } from './order.ts';
import { startPluginThread, type PluginThread } from './plugin-thread.ts';

/** The threads of plugins. Those that run never wait for one another: each call has a thread of its own, and some stay
 *  for the next call. */
export interface Plugins {
  run(order: RunOrder, signal: AbortSignal): Promise<RunEnd>;
  warm(order: Use): void;
  close(): void;
}

const IDLE_MAX = 2;

export function createPlugins(seen: Readonly<Record<string, string>>): Plugins {
  const threads = createThreads(({ ref, env }) => startPluginThread(ref, { ...seen, ...env }));

  /** Or that there can be none, as with a NODE_OPTIONS that Node does not know. */
  function take(order: RunOrder): PluginThread | RunEnd {
    try {
      const thread = threads.take(order);
      // To begin one takes a good part of what a call before a turn may take: the next one finds one.
      if (order.event === 'pre_session') threads.keepOne(order);
      return thread;
    } catch (error) {
      return { kind: 'failed', why: 'cannot be given a thread', complaint: toComplaint(error) };
    }
  }

  return {
    async run(order, signal) {
      const thread = take(order);
      if (!('run' in thread)) return thread;
      try {
        return await thread.run(order, signal);
      } finally {
        threads.giveBack(order, thread);
      }
    },
    warm(order) {
      try {
        threads.keepOne(order);
      } catch {
        // Told when it is called.
      }
    },
    close: () => threads.close(),
  };
}

type Use = Pick<RunOrder, 'ref' | 'env' | 'edition'>;

interface Threads {
  take(use: Use): PluginThread;
  giveBack(use: Use, thread: PluginThread): void;
  /** Starts one for later, unless one waits. */
  keepOne(use: Use): void;
  close(): void;
}

function createThreads(begin: (use: Use) => PluginThread): Threads {
  const idle = new Map<string, PluginThread[]>();
  const all = new Set<PluginThread>();
  let edition = '';

  /** Those of another edition have read what may no longer stand there. */
  function listIdle(use: Use): PluginThread[] {
    if (use.edition !== edition) {
      for (const thread of [...idle.values()].flat()) drop(thread);
      idle.clear();
      edition = use.edition;
    }
    const key = JSON.stringify([use.ref, use.env]);
    const kept = idle.get(key) ?? [];
    idle.set(key, kept);
    return kept;
  }

  function start(use: Use): PluginThread {
    const thread = begin(use);
    all.add(thread);
    return thread;
  }

  function drop(thread: PluginThread): void {
    all.delete(thread);
    thread.end();
  }

  return {
    take(use) {
      const kept = listIdle(use);
      for (let thread = kept.pop(); thread !== undefined; thread = kept.pop()) {
        if (thread.isAlive()) return thread;
        drop(thread);
      }
      return start(use);
    },
    giveBack(use, thread) {
      // One that was taken for an earlier edition changes nothing about the present one.
      const kept = use.edition === edition ? listIdle(use) : null;
      if (kept === null || !thread.isAlive() || kept.length >= IDLE_MAX) drop(thread);
      else kept.push(thread);
    },
    keepOne(use) {
      const kept = listIdle(use);
      if (kept.length === 0) kept.push(start(use));
    },
    close() {
      edition = '';
      for (const thread of all) drop(thread);
      idle.clear();
    },
  };
}
