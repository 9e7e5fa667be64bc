import type { Clock } from '../../../ports/clock.ts';
import type { Agents } from '../agents/agents.ts';
import type { Places } from './places.ts';
import type { Shrink } from './shrink.ts';
import type { Sleepers } from './sleepers.ts';

/** A place for a session, which does not sleep meanwhile. */
export interface Lease {
  /** Once; later calls do nothing. */
  release(): void;
}

export type Hold = (workspace: string) => Lease;

export interface HoldDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly agents: Pick<Agents, 'stateOf'>;
  readonly places: Places;
  readonly sleepers: Sleepers;
  readonly shrink: Shrink;
  /** Told when a place may have become free. */
  readonly freed: () => void;
}

/** Gives leases, whatever the limit is. */
export function createHold({ clock, agents, places, sleepers, shrink, freed }: HoldDeps): Hold {
  function release(workspace: string): void {
    places.noteUse(workspace, clock.now());
    if (!places.dropLease(workspace)) return;
    if (agents.stateOf(workspace) === 'live') sleepers.rest(workspace);
    if (places.areOverdrawn()) void shrink.begin();
    freed();
  }

  return (workspace) => {
    sleepers.keepAwake(workspace);
    places.addLease(workspace);
    let isHeld = true;
    return {
      release() {
        if (!isHeld) return;
        isHeld = false;
        release(workspace);
      },
    };
  };
}
