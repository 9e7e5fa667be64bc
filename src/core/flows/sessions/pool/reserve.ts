import type { FlowParts } from '../../parts.ts';
import type { Hold, Lease } from './lease.ts';
import type { Places } from './places.ts';
import type { Sleepers } from './sleepers.ts';
import { findVictim, listWithWork } from './victims.ts';

export interface ReserveDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock'>;
  readonly places: Places;
  readonly sleepers: Sleepers;
  readonly hold: Hold;
}

/** What is found for one who asks for a place. `leaving`: the place is theirs once that session sleeps. */
type Found =
  | { readonly kind: 'place'; readonly lease: Lease }
  | { readonly kind: 'none' }
  | { readonly kind: 'moving'; readonly over: Promise<unknown> }
  | { readonly kind: 'leaving'; readonly victim: string; readonly lease: Promise<Lease | null> };

/** Finds places for sessions; null when none can be had now. */
export function createReserve(deps: ReserveDeps): (workspace: string) => Promise<Lease | null> {
  const decisions = createOrder();

  return async (workspace) => {
    const refused = new Set<string>();
    for (;;) {
      const found = await decisions.decide(() => find(deps, workspace, refused));
      if (found.kind === 'place') return found.lease;
      if (found.kind === 'none') return null;
      if (found.kind === 'moving') {
        await found.over;
        continue;
      }
      const lease = await found.lease;
      if (lease !== null) return lease;
      refused.add(found.victim);
    }
  };
}

/** One decision after the other: who asked first is served first. */
function createOrder(): { decide<T>(decide: () => Promise<T>): Promise<T> } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    decide(decide) {
      const decision = last.then(decide);
      last = decision.catch(() => {});
      return decision;
    },
  };
}

async function find(deps: ReserveDeps, workspace: string, refused: ReadonlySet<string>): Promise<Found> {
  const { parts, places, sleepers, hold } = deps;
  const isFull = !places.has(workspace) && !places.areLeft();
  const withWork = isFull ? await listWithWork(parts.store, sleepers) : new Set<string>();
  // From here on in one step: what was counted stays as it is.
  const over = sleepers.moveOf(workspace);
  if (over !== undefined) return { kind: 'moving', over };
  if (places.has(workspace) || places.areLeft()) return { kind: 'place', lease: hold(workspace) };
  const victim = places.areOverdrawn() ? undefined : findVictim({ ...deps, refused, withWork });
  if (victim === undefined) return { kind: 'none' };
  return { kind: 'leaving', victim, lease: takeOver(deps, workspace, victim) };
}

async function takeOver(deps: ReserveDeps, workspace: string, victim: string): Promise<Lease | null> {
  const { places, sleepers, hold } = deps;
  const lease = hold(workspace);
  places.handOver(victim);
  const hasPlace = await sleepers.putToSleep(victim, [victim, workspace], (slept) => {
    places.settle(victim);
    if (slept) return;
    places.dropLease(workspace);
    sleepers.rest(victim);
  });
  return hasPlace ? lease : null;
}
