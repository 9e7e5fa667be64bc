import type { FlowParts } from '../../parts.ts';
import type { Agents } from '../agents/agents.ts';
import type { AgentsWatcher } from '../agents/held-agents.ts';
import { createHold, type Lease } from './lease.ts';
import { createPlaces } from './places.ts';
import { createReserve } from './reserve.ts';
import { createShrink } from './shrink.ts';
import { createSleepers } from './sleepers.ts';

/** The places for live agents: each that is live, starts or ends takes one, and there are `maxLiveSessions`. */
export interface Pool extends AgentsWatcher {
  /** A place for the session, for as long as the lease is held. Who needs a new one puts an idle session to sleep for
   *  it, the least recently used one first. Null when no place can be had now. */
  reserve(workspace: string): Promise<Lease | null>;
  /** For a turn that runs already, whatever the limit is. */
  hold(workspace: string): Lease;
  /** Puts to sleep what an earlier process left beyond the limit. */
  shrink(): Promise<void>;
  /** No session goes to sleep by itself any more. Resolves when none is on its way. */
  close(): Promise<void>;
}

export interface PoolDeps {
  readonly parts: FlowParts;
  readonly agents: Pick<Agents, 'workspaces' | 'stateOf' | 'sleep'>;
  /** Told when a place may have become free. */
  readonly freed: () => void;
}

export function createPool({ parts, agents, freed }: PoolDeps): Pool {
  const places = createPlaces(parts, agents);
  const sleepers = createSleepers({ parts, agents, places });
  const shrink = createShrink({ parts, places, sleepers });
  const hold = createHold({ clock: parts.clock, agents, places, sleepers, shrink, freed });

  return {
    reserve: createReserve({ parts, places, sleepers, hold }),
    hold,
    shrink: () => shrink.begin(),
    live(workspace, at) {
      places.noteUse(workspace, at);
      if (!places.isLeased(workspace)) sleepers.rest(workspace);
    },
    gone(workspace) {
      sleepers.keepAwake(workspace);
      places.forget(workspace);
      freed();
    },
    async close() {
      shrink.stop();
      await sleepers.close();
    },
  };
}
