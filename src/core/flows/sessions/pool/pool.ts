import type { FlowParts } from '../../parts.ts';
import type { Agents } from '../agents/agents.ts';
import type { AgentsWatcher } from '../agents/held-agents.ts';

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

/** Its session does not sleep. */
export interface Lease {
  /** Once; later calls do nothing. */
  release(): void;
}

export interface PoolDeps {
  readonly parts: FlowParts;
  readonly agents: Pick<Agents, 'workspaces' | 'stateOf' | 'sleep'>;
  /** Told when a place may have become free. */
  readonly freed: () => void;
}

/** A start costs a second of two cores: a session that has work left keeps its new place for so long. */
const STAY_MS = 10_000;
/** Until a session that may not sleep is asked again, at most. */
const ASK_AGAIN_MS = 60_000;
/** The same while there are too many. */
const SHRINK_AGAIN_MS = 2_000;

/** What is found for one who asks for a place. `leaving`: the place is theirs once that session sleeps. */
type Found =
  | { readonly kind: 'place'; readonly lease: Lease }
  | { readonly kind: 'none' }
  | { readonly kind: 'moving'; readonly over: Promise<unknown> }
  | { readonly kind: 'leaving'; readonly victim: string; readonly lease: Promise<Lease | null> };

export function createPool({ parts, agents, freed }: PoolDeps): Pool {
  const { clock, store } = parts;
  const { maxLiveSessions, sessionIdleMs } = parts.settings;
  /** How many leases a session has. */
  const leases = new Map<string, number>();
  /** Sessions that fall asleep, and those that get their places. Nobody else touches them meanwhile. */
  const moving = new Map<string, Promise<unknown>>();
  /** Sessions that fall asleep for another one, which is counted in their place. */
  const handedOver = new Set<string>();
  const usedAt = new Map<string, number>();
  /** When a session got its present place. */
  const placedAt = new Map<string, number>();
  const callOffs = new Map<string, () => void>();
  let isClosed = false;
  let isShrinking = false;
  let callOffShrink = (): void => {};
  let lastDecision: Promise<unknown> = Promise.resolve();

  /** The sessions that take a place. */
  function taken(): Set<string> {
    return new Set([...leases.keys(), ...agents.workspaces().filter((workspace) => !handedOver.has(workspace))]);
  }

  function hold(workspace: string): Lease {
    callOffs.get(workspace)?.();
    if (!taken().has(workspace)) placedAt.set(workspace, clock.now());
    leases.set(workspace, (leases.get(workspace) ?? 0) + 1);
    let isHeld = true;
    return {
      release() {
        if (!isHeld) return;
        isHeld = false;
        usedAt.set(workspace, clock.now());
        if (!giveBack(workspace)) return;
        if (agents.stateOf(workspace) === 'live') rest(workspace);
        if (taken().size > maxLiveSessions) void shrink();
        freed();
      },
    };
  }

  /** True when it was the last one. */
  function giveBack(workspace: string): boolean {
    const left = (leases.get(workspace) ?? 1) - 1;
    if (left > 0) leases.set(workspace, left);
    else leases.delete(workspace);
    forgetAsleep(workspace);
    return left === 0;
  }

  function forgetAsleep(workspace: string): void {
    if (leases.has(workspace) || agents.workspaces().includes(workspace)) return;
    usedAt.delete(workspace);
    placedAt.delete(workspace);
  }

  async function reserve(workspace: string): Promise<Lease | null> {
    const refused = new Set<string>();
    for (;;) {
      const found = await inOrder(() => find(workspace, refused));
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
  }

  /** One decision after the other: who asked first is served first. */
  function inOrder<T>(decide: () => Promise<T>): Promise<T> {
    const decision = lastDecision.then(decide);
    lastDecision = decision.catch(() => {});
    return decision;
  }

  async function find(workspace: string, refused: ReadonlySet<string>): Promise<Found> {
    const isFull = !taken().has(workspace) && taken().size >= maxLiveSessions;
    const withWork = isFull ? await listWithWork() : new Set<string>();
    // From here on in one step: what was counted stays as it is.
    const over = moving.get(workspace);
    if (over !== undefined) return { kind: 'moving', over };
    const places = taken();
    if (places.has(workspace) || places.size < maxLiveSessions) return { kind: 'place', lease: hold(workspace) };
    const victim = places.size > maxLiveSessions ? undefined : findVictim(refused, withWork);
    if (victim === undefined) return { kind: 'none' };
    return { kind: 'leaving', victim, lease: takeOver(workspace, victim) };
  }

  async function listWithWork(): Promise<ReadonlySet<string>> {
    const found = await Promise.all(
      listIdle().map(async (workspace) => ((await store.hasQueued(workspace)) ? [workspace] : [])),
    );
    return new Set(found.flat());
  }

  function findVictim(refused: ReadonlySet<string>, withWork: ReadonlySet<string>): string | undefined {
    const idle = listIdle().filter((workspace) => !refused.has(workspace));
    const mayGo = (workspace: string): boolean => clock.now() - (placedAt.get(workspace) ?? 0) >= STAY_MS;
    return idle.find((workspace) => !withWork.has(workspace)) ?? idle.find(mayGo);
  }

  /** Live ones that nobody has a lease on, the least recently used one first. */
  function listIdle(): readonly string[] {
    const used = (workspace: string): number => usedAt.get(workspace) ?? 0;
    return agents
      .workspaces()
      .filter(isIdle)
      .toSorted((a, b) => used(a) - used(b));
  }

  const isIdle = (workspace: string): boolean =>
    agents.stateOf(workspace) === 'live' && !leases.has(workspace) && !moving.has(workspace);

  async function takeOver(workspace: string, victim: string): Promise<Lease | null> {
    const lease = hold(workspace);
    handedOver.add(victim);
    const hasPlace = await putToSleep(victim, [victim, workspace], (slept) => {
      handedOver.delete(victim);
      if (slept) return;
      giveBack(workspace);
      rest(victim);
    });
    return hasPlace ? lease : null;
  }

  /** `settle` runs in the very step in which the others may touch them again. */
  function putToSleep(
    victim: string,
    meanwhile: readonly string[],
    settle: (slept: boolean) => void,
  ): Promise<boolean> {
    callOffs.get(victim)?.();
    const over = agents.sleep(victim).then((slept) => {
      for (const workspace of meanwhile) moving.delete(workspace);
      settle(slept);
      return slept;
    });
    for (const workspace of meanwhile) moving.set(workspace, over);
    return over;
  }

  /** From now on the session is idle: it sleeps when that lasts. */
  function rest(workspace: string, ms = sessionIdleMs): void {
    callOffs.get(workspace)?.();
    if (isClosed) return;
    const callOff = clock.after(ms, () => {
      callOffs.delete(workspace);
      if (isIdle(workspace)) void fallAsleep(workspace);
    });
    callOffs.set(workspace, () => {
      callOffs.delete(workspace);
      callOff();
    });
  }

  async function fallAsleep(workspace: string): Promise<void> {
    await putToSleep(workspace, [workspace], (slept) => {
      if (!slept && isIdle(workspace)) rest(workspace, Math.min(sessionIdleMs, ASK_AGAIN_MS));
    });
  }

  async function shrink(): Promise<void> {
    if (isShrinking || isClosed) return;
    isShrinking = true;
    callOffShrink();
    for (const workspace of listIdle()) {
      if (taken().size > maxLiveSessions && !isClosed && isIdle(workspace)) await fallAsleep(workspace);
    }
    isShrinking = false;
    if (taken().size > maxLiveSessions && !isClosed) callOffShrink = clock.after(SHRINK_AGAIN_MS, () => void shrink());
  }

  return {
    reserve,
    hold,
    shrink,

    live(workspace, at) {
      usedAt.set(workspace, at);
      if (!leases.has(workspace)) rest(workspace);
    },

    gone(workspace) {
      callOffs.get(workspace)?.();
      forgetAsleep(workspace);
      freed();
    },

    async close() {
      isClosed = true;
      callOffShrink();
      for (const callOff of callOffs.values()) callOff();
      await Promise.all(moving.values());
    },
  };
}
