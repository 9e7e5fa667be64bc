import type { AgentSession } from '../../../ports/agent.ts';
import type { Clock } from '../../../ports/clock.ts';
import { createStartAsks, type StartAsks } from './start-asks.ts';

/** The agents that live here, those that start, and those that end: one for each workspace. */
export interface HeldAgents {
  of(workspace: string): HeldAgent | undefined;
  workspaces(): readonly string[];
  /** It lives until its process ends. `usedAt`: when it last worked; now, by default. */
  take(workspace: string, session: AgentSession, usedAt?: number): void;
  /** It starts, and lives when that is done. */
  begin(workspace: string, start: (signal: AbortSignal, asks: StartAsks) => Promise<AgentSession>): StartingAgent;
  /** It is gone, unless another one has taken its place. */
  drop(workspace: string, agent: HeldAgent): void;
}

export type HeldAgent = StartingAgent | { readonly kind: 'live'; readonly session: AgentSession };

export interface StartingAgent {
  readonly kind: 'starting';
  readonly started: Promise<AgentSession>;
  readonly stop: AbortController;
  readonly asks: StartAsks;
}

/** Told of the agents that come and go. */
export interface AgentsWatcher {
  /** `usedAt`: when it last worked. */
  live(workspace: string, usedAt: number): void;
  gone(workspace: string): void;
}

export function createHeldAgents(clock: Pick<Clock, 'now'>, watcher: AgentsWatcher): HeldAgents {
  const held = new Map<string, HeldAgent>();

  function take(workspace: string, session: AgentSession, usedAt = clock.now()): void {
    const agent: HeldAgent = { kind: 'live', session };
    held.set(workspace, agent);
    void session.exited.then(() => drop(workspace, agent));
    watcher.live(workspace, usedAt);
  }

  function drop(workspace: string, agent: HeldAgent): void {
    if (held.get(workspace) !== agent) return;
    held.delete(workspace);
    watcher.gone(workspace);
  }

  return {
    of: (workspace) => held.get(workspace),
    workspaces: () => [...held.keys()],
    take,
    begin(workspace, start) {
      const stop = new AbortController();
      const asks = createStartAsks();
      const started = start(stop.signal, asks);
      const agent: StartingAgent = { kind: 'starting', started, stop, asks };
      held.set(workspace, agent);
      started.then(
        (session) => {
          if (held.get(workspace) === agent) take(workspace, session);
        },
        () => drop(workspace, agent),
      );
      return agent;
    },
    drop,
  };
}
