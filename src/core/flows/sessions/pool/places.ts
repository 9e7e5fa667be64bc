import type { FlowParts } from '../../parts.ts';
import type { Agents } from '../agents/agents.ts';

/** The sessions that take a place: those with a lease, and those whose agent is live, starts or ends. */
export interface Places {
  has(workspace: string): boolean;
  areLeft(): boolean;
  /** More are taken than there are. */
  areOverdrawn(): boolean;

  isLeased(workspace: string): boolean;
  addLease(workspace: string): void;
  /** True when it was its last lease. */
  dropLease(workspace: string): boolean;

  /** The session falls asleep for another one, which is counted in its place until this is settled. */
  handOver(workspace: string): void;
  settle(workspace: string): void;

  noteUse(workspace: string, at: number): void;
  /** 0: not since it got its place. */
  usedAt(workspace: string): number;
  /** When it got its present place, by the time that passes; -Infinity: before this process. */
  placedAt(workspace: string): number;
  /** Its agent is gone. */
  forget(workspace: string): void;
}

export function createPlaces(
  { clock, settings: { maxLiveSessions } }: Pick<FlowParts, 'clock' | 'settings'>,
  agents: Pick<Agents, 'workspaces'>,
): Places {
  /** How many leases a session has. */
  const leases = new Map<string, number>();
  const handedOver = new Set<string>();
  const usedAt = new Map<string, number>();
  const placedAt = new Map<string, number>();

  function taken(): ReadonlySet<string> {
    return new Set([...leases.keys(), ...agents.workspaces().filter((workspace) => !handedOver.has(workspace))]);
  }

  function forget(workspace: string): void {
    if (leases.has(workspace) || agents.workspaces().includes(workspace)) return;
    usedAt.delete(workspace);
    placedAt.delete(workspace);
  }

  return {
    has: (workspace) => taken().has(workspace),
    areLeft: () => taken().size < maxLiveSessions,
    areOverdrawn: () => taken().size > maxLiveSessions,

    isLeased: (workspace) => leases.has(workspace),
    addLease(workspace) {
      if (!taken().has(workspace)) placedAt.set(workspace, clock.elapsed());
      leases.set(workspace, (leases.get(workspace) ?? 0) + 1);
    },
    dropLease(workspace) {
      const left = (leases.get(workspace) ?? 1) - 1;
      if (left > 0) leases.set(workspace, left);
      else leases.delete(workspace);
      forget(workspace);
      return left === 0;
    },

    handOver: (workspace) => void handedOver.add(workspace),
    settle: (workspace) => void handedOver.delete(workspace),

    noteUse: (workspace, at) => void usedAt.set(workspace, at),
    usedAt: (workspace) => usedAt.get(workspace) ?? 0,
    placedAt: (workspace) => placedAt.get(workspace) ?? -Infinity,
    forget,
  };
}
