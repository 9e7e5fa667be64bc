import type { ThreadRecord } from '../../model/thread.ts';
import type { ThreadsApi, ThreadView } from '../../ports/gateway/threads.ts';
import type { FlowParts } from '../parts.ts';
import { chooseThread } from './choose-thread.ts';
import { openThread, type OpenDeps } from './open-thread.ts';

export interface ThreadsDeps extends Pick<OpenDeps, 'readiness'> {
  readonly parts: OpenDeps['parts'] & Pick<FlowParts, 'workspaces'>;
  /** The agents of sessions, as far as they are shown. */
  readonly agents: { stateOf(workspace: string): string | null };
  /** Their turns, likewise. */
  readonly turns: { running(workspace: string): object | null };
}

export interface Threads {
  readonly api: ThreadsApi;
  /** Gives up what is being opened. */
  stop(): void;
}

export function createThreads({ parts, readiness, agents, turns }: ThreadsDeps): Threads {
  const { store, workspaces, taskChannels, transports } = parts;
  const stopping = new AbortController();
  /** What has been looked up once stays. */
  const folders = new Map<string, string>();

  async function view(thread: ThreadRecord): Promise<ThreadView> {
    const { workspace } = thread;
    const cwd = folders.get(workspace) ?? (await workspaces.locate(workspace));
    folders.set(workspace, cwd);
    const isRunning = turns.running(workspace) !== null;
    const { address = null, link = null } = transports.get(thread.transport)?.placeOf?.(thread) ?? {};
    return { ...thread, cwd, address, link, isLive: agents.stateOf(workspace) !== null, isRunning };
  }

  return {
    api: {
      open: async (...wish) => view(await openThread({ parts, readiness, stopping: stopping.signal }, ...wish)),
      canOpen: () => taskChannels.find() !== null,
      async find(threadId, wish = {}) {
        const thread = chooseThread(await store.findThreads(threadId), wish, taskChannels);
        return thread === null ? null : view(thread);
      },
      list: async (limit) => Promise.all((await store.listThreads(limit)).map(view)),
      count: () => store.countThreads(),
    },
    stop: () => stopping.abort(),
  };
}
