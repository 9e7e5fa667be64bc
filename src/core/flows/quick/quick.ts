import { GatewayError } from '../../model/errors.ts';
import type { QuickApi } from '../../ports/quick/quick.ts';
import type { FlowParts } from '../parts.ts';
import { createGates } from '../sessions/agents/gates.ts';
import { expire, finish, sweep } from './housework.ts';
import { readMessages, sendMessage } from './messages.ts';
import { requireQuick, toShown, type QuickParts } from './parts.ts';
import { diffQuick, publishQuick } from './publish.ts';
import { deleteQuick } from './remove.ts';
import { startQuick } from './start.ts';
import { viewAll, viewOne } from './view.ts';

export interface Quick {
  readonly api: QuickApi;
  /** Goes on with what an earlier process left, then cleans up, now and every six hours. */
  begin(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

export type QuickDeps = Pick<QuickParts, 'readiness' | 'requests' | 'usage' | 'sessions'> & {
  readonly parts: FlowParts;
};

const EVERY_MS = 6 * 3_600_000;

export function createQuick(deps: QuickDeps): Quick {
  const { worktrees } = deps.parts;
  return worktrees === null ? NONE : createHouse(deps, worktrees);
}

function createHouse(deps: QuickDeps, worktrees: QuickParts['worktrees']): Quick {
  const { parts } = deps;
  const stop = new AbortController();
  const quick: QuickParts = { ...deps, worktrees, gates: createGates(), starting: new Set(), stopped: stop.signal };
  const underWay = new Set<Promise<unknown>>();
  let callOff = (): void => {};

  function track<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch(() => {}).finally(() => underWay.delete(settled));
    underWay.add(settled);
    return work;
  }

  async function clean(isFirst: boolean): Promise<void> {
    try {
      await finish(quick);
      if (isFirst) await sweep(quick);
      await expire(quick);
    } catch (error) {
      if (!stop.signal.aborted) parts.log.error({ error: String(error) }, 'quick.not_cleaned');
    }
    if (!stop.signal.aborted) callOff = parts.clock.after(EVERY_MS, () => void track(clean(false)));
  }

  return {
    api: {
      start: (repo, who) => track(startQuick(quick, repo, who)),
      send: (...message) => track(sendMessage(quick, ...message)),
      list: async () =>
        viewAll(
          parts,
          (await parts.store.listQuick()).flatMap((row) => toShown(row) ?? []),
        ),
      read: async (id) => viewOne(parts, await requireQuick(parts, id)),
      readMessages: (id) => readMessages(quick, id),
      delete: (id, who) => track(deleteQuick(quick, id, who)),
      diff: (id, signal) => track(diffQuick(quick, id, AbortSignal.any([signal, stop.signal]))),
      publish: (id, words, signal, who) =>
        track(publishQuick(quick, id, words, AbortSignal.any([signal, stop.signal]), who)),
    },
    begin: () => void track(clean(true)),
    async stop() {
      stop.abort();
      callOff();
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

const OFF = 'Quick tasks need repositories: set REPOS_ROOT and WORKTREES_ROOT, and start the gateway again';

async function refuse(): Promise<never> {
  throw new GatewayError('quick_off', OFF);
}

const NONE: Quick = {
  api: {
    start: refuse,
    send: refuse,
    list: refuse,
    read: refuse,
    readMessages: refuse,
    delete: refuse,
    diff: refuse,
    publish: refuse,
  },
  begin() {},
  stop: async () => {},
};
