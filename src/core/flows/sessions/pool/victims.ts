import type { Store } from '../../../ports/store.ts';
import type { FlowParts } from '../../parts.ts';
import type { Places } from './places.ts';
import type { Sleepers } from './sleepers.ts';

/** A start costs a second of two cores: a session that has work left keeps its new place for so long. */
const STAY_MS = 10_000;

/** The idle sessions that have work left. */
export async function listWithWork(
  store: Pick<Store, 'hasQueued'>,
  sleepers: Pick<Sleepers, 'listIdle'>,
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    sleepers.listIdle().map(async (workspace) => ((await store.hasQueued(workspace)) ? [workspace] : [])),
  );
  return new Set(found.flat());
}

export interface VictimDeps {
  readonly parts: Pick<FlowParts, 'clock'>;
  readonly places: Pick<Places, 'placedAt'>;
  readonly sleepers: Pick<Sleepers, 'listIdle'>;
  /** Asked before, and may not sleep. */
  readonly refused: ReadonlySet<string>;
  readonly withWork: ReadonlySet<string>;
}

/** The session that sleeps for another: the least recently used one without work, or else one that stayed long enough. */
export function findVictim({ parts, places, sleepers, refused, withWork }: VictimDeps): string | undefined {
  const idle = sleepers.listIdle().filter((workspace) => !refused.has(workspace));
  const mayGo = (workspace: string): boolean => parts.clock.elapsed() - places.placedAt(workspace) >= STAY_MS;
  return idle.find((workspace) => !withWork.has(workspace)) ?? idle.find(mayGo);
}
