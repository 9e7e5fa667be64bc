import type { FlowParts } from '../../parts.ts';
import { createTimers } from '../../timers.ts';
import type { Agents } from '../agents/agents.ts';
import type { Places } from './places.ts';

/** Sessions that fall asleep: because they are idle for long enough, or because another one needs their place. */
export interface Sleepers {
  /** It is live, nobody has a lease on it, and it is in no move. */
  isIdle(workspace: string): boolean;
  /** The least recently used one first. */
  listIdle(): readonly string[];
  /** From now on the session is idle: it sleeps when that lasts. */
  rest(workspace: string): void;
  /** It is used, or gone. */
  keepAwake(workspace: string): void;
  fallAsleep(workspace: string): Promise<void>;
  /** Nobody else touches these sessions meanwhile. `settle` runs in the very step in which they may again. */
  putToSleep(victim: string, meanwhile: readonly string[], settle: (slept: boolean) => void): Promise<boolean>;
  /** The move that the session is in; undefined: in none. */
  moveOf(workspace: string): Promise<unknown> | undefined;
  /** No session goes to sleep by itself any more. Resolves when none is on its way. */
  close(): Promise<void>;
}

/** Until a session that may not sleep is asked again, at most. */
const ASK_AGAIN_MS = 60_000;

export interface SleepersDeps {
  readonly parts: Pick<FlowParts, 'clock' | 'settings'>;
  readonly agents: Pick<Agents, 'workspaces' | 'stateOf' | 'sleep'>;
  readonly places: Places;
}

export function createSleepers({ parts, agents, places }: SleepersDeps): Sleepers {
  const { sessionIdleMs } = parts.settings;
  const rests = createTimers(parts.clock);
  /** Sessions that fall asleep, and those that get their places. */
  const moving = new Map<string, Promise<unknown>>();
  let isClosed = false;

  const isIdle = (workspace: string): boolean =>
    agents.stateOf(workspace) === 'live' && !places.isLeased(workspace) && !moving.has(workspace);

  function rest(workspace: string, ms = sessionIdleMs): void {
    rests.callOff(workspace);
    if (isClosed) return;
    rests.set(workspace, ms, () => {
      if (isIdle(workspace)) void fallAsleep(workspace);
    });
  }

  async function fallAsleep(workspace: string): Promise<void> {
    await putToSleep(workspace, [workspace], (slept) => {
      if (!slept && isIdle(workspace)) rest(workspace, Math.min(sessionIdleMs, ASK_AGAIN_MS));
    });
  }

  const putToSleep: Sleepers['putToSleep'] = (victim, meanwhile, settle) => {
    rests.callOff(victim);
    const over = agents.sleep(victim).then((slept) => {
      for (const workspace of meanwhile) moving.delete(workspace);
      settle(slept);
      return slept;
    });
    for (const workspace of meanwhile) moving.set(workspace, over);
    return over;
  };

  return {
    isIdle,
    listIdle: () =>
      agents
        .workspaces()
        .filter(isIdle)
        .toSorted((a, b) => places.usedAt(a) - places.usedAt(b)),
    rest: (workspace) => rest(workspace),
    keepAwake: (workspace) => rests.callOff(workspace),
    fallAsleep,
    putToSleep,
    moveOf: (workspace) => moving.get(workspace),
    async close() {
      isClosed = true;
      rests.callOffAll();
      await Promise.all(moving.values());
    },
  };
}
