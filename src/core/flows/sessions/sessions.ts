import type { AgentName } from '../../model/agent.ts';
import { GatewayError } from '../../model/errors.ts';
import type { SessionRecord, SessionStatus } from '../../model/session.ts';
import { toSessionName } from '../../model/workspace.ts';
import type { AgentDriver, AgentSession, LiveDetails, SessionListener, SessionSpec } from '../../ports/agent.ts';
import type { SessionView } from '../../ports/gateway/sessions.ts';
import { appendNotice } from '../events/notices.ts';
import type { FlowParts } from '../parts.ts';

/** The live agents of this process, one for each workspace. */
export interface Sessions {
  driverOf(agent: AgentName): AgentDriver;
  specOf(workspace: string): Promise<SessionSpec>;
  /** Told of what happens in the session outside of its turns. */
  listenerOf(workspace: string): SessionListener;
  /** The live agent; adopts, resumes or starts it when there is none here. Callers at once share one start. */
  acquire(workspace: string, agent: AgentName, signal: AbortSignal): Promise<AgentSession>;
  /** Takes in an agent that recovery found. */
  take(workspace: string, session: AgentSession, usedAt?: number): void;
  /** Takes in the idle agent of a known session, if one lives, and ends that of a deleted one; never rejects. */
  adopt(workspace: string, driver: AgentDriver): Promise<void>;
  /** Ends the agent and keeps its conversation; false when it is needed, or is not live. */
  sleep(workspace: string): Promise<boolean>;
  isLive(workspace: string): boolean;
  /** `isActive`: whether a turn runs in it. */
  /** `running`: the id of the request whose turn runs in a workspace. */
  view(
    sessions: readonly SessionRecord[],
    running: (workspace: string) => string | null,
  ): Promise<readonly SessionView[]>;
  /** Runs `work` while no agent is started or handed out for this workspace. */
  exclusive(workspace: string, work: () => Promise<void>): Promise<void>;
  /** Ends the live agent, also one that is just starting. */
  close(workspace: string): Promise<void>;
  closeAll(): Promise<void>;
  /** Live agents, those that start, and those that end. */
  workspaces(): readonly string[];
}

/** Told of the agents that come and go. */
export interface SessionsWatcher {
  /** `usedAt`: when it last worked. */
  live(workspace: string, usedAt: number): void;
  gone(workspace: string): void;
}

type Live =
  | { readonly kind: 'starting'; readonly started: Promise<AgentSession>; readonly stop: AbortController }
  | { readonly kind: 'live'; readonly session: AgentSession };

export function createSessions(parts: FlowParts, watcher: SessionsWatcher): Sessions {
  const { store, clock, log } = parts;
  const held = new Map<string, Live>();
  let isClosed = false;
  /** Each resolves when its workspace is free again. */
  const gates = new Map<string, Promise<void>>();

  function driverOf(agent: AgentName): AgentDriver {
    const driver = parts.drivers.get(agent);
    if (driver === undefined) throw new GatewayError('internal', `no driver for ${agent}`);
    return driver;
  }

  async function specOf(workspace: string): Promise<SessionSpec> {
    const cwd = await parts.workspaces.ensure(workspace);
    const known = await store.readSession(workspace);
    const rules = await store.readRules(workspace);
    return { workspace, cwd, agentSessionId: known?.agentSessionId ?? null, rules };
  }

  function listenerOf(workspace: string): SessionListener {
    return {
      noticed: (notice) => appendNotice(parts, workspace, null, notice),
      moved(agentSessionId) {
        store.updateSession(workspace, { agentSessionId }).catch((error: unknown) => {
          log.error({ workspace, error: String(error) }, 'session.move_not_stored');
        });
      },
    };
  }

  function take(workspace: string, session: AgentSession, usedAt = clock.now()): void {
    const live: Live = { kind: 'live', session };
    held.set(workspace, live);
    void session.exited.then(() => drop(workspace, live));
    watcher.live(workspace, usedAt);
  }

  function drop(workspace: string, entry: Live): void {
    if (held.get(workspace) !== entry) return;
    held.delete(workspace);
    watcher.gone(workspace);
  }

  async function start(workspace: string, agent: AgentName, signal: AbortSignal): Promise<AgentSession> {
    const driver = driverOf(agent);
    const spec = await specOf(workspace);
    const startedAt = clock.now();
    const listener = listenerOf(workspace);
    const adopted = await driver.adopt(spec, listener);
    const session = adopted ?? (await driver.open(spec, signal, listener));
    // Before a prompt: a crash must find the conversation again.
    const known = await store.updateSession(workspace, {
      agentSessionId: session.agentSessionId,
      lastActivityAt: clock.now(),
    });
    if (!known || signal.aborted) {
      await session.close();
      throw new GatewayError('not_found', `The session of ${workspace} was deleted`);
    }
    if (adopted === null) {
      const resumed = spec.agentSessionId === session.agentSessionId;
      const data = { resumed, ms: clock.now() - startedAt };
      appendNotice(parts, workspace, null, { type: 'session.started', data });
    }
    return session;
  }

  function begin(workspace: string, agent: AgentName): Promise<AgentSession> {
    const stop = new AbortController();
    const started = start(workspace, agent, stop.signal);
    const entry: Live = { kind: 'starting', started, stop };
    held.set(workspace, entry);
    started.then(
      (session) => {
        if (held.get(workspace) === entry) take(workspace, session);
      },
      () => drop(workspace, entry),
    );
    return started;
  }

  async function adopt(workspace: string, driver: AgentDriver): Promise<void> {
    if (held.has(workspace)) return;
    try {
      const known = await store.readSession(workspace);
      if (known === null) return await driver.end(workspace);
      if (known.agent !== driver.agent) return;
      const session = await driver.adopt(await specOf(workspace), listenerOf(workspace));
      if (session !== null) take(workspace, session, known.lastActivityAt);
    } catch (error) {
      log.warn({ workspace, error: String(error) }, 'session.not_adopted');
    }
  }

  async function close(workspace: string): Promise<void> {
    const live = held.get(workspace);
    if (live?.kind === 'live') await live.session.close();
    if (live?.kind === 'starting') {
      live.stop.abort();
      await live.started.then(
        (session) => session.close(),
        () => {},
      );
    }
    const left = held.get(workspace);
    if (left !== undefined) drop(workspace, left);
  }

  async function sleep(workspace: string): Promise<boolean> {
    const live = held.get(workspace);
    if (live?.kind !== 'live') return false;
    try {
      if (!(await live.session.sleep())) return false;
    } catch (error) {
      log.warn({ workspace, error: String(error) }, 'session.not_slept');
      return false;
    }
    drop(workspace, live);
    appendNotice(parts, workspace, null, { type: 'session.slept', data: {} });
    return true;
  }

  /** Asleep ones are left out; so are all when nothing can be looked at. */
  async function inspect(sessions: readonly SessionRecord[]): Promise<ReadonlyMap<string, LiveDetails>> {
    const live = sessions.filter(({ workspace }) => held.get(workspace)?.kind === 'live');
    const found = await Promise.all(
      [...parts.drivers.values()].map(async (driver) => {
        const own = live.filter(({ agent }) => agent === driver.agent).map(({ workspace }) => workspace);
        return own.length === 0 ? [] : [...(await driver.inspect(own))];
      }),
    ).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'session.not_inspected');
      return [];
    });
    return new Map(found.flat());
  }

  function statusOf(workspace: string, active: boolean): SessionStatus {
    const live = held.get(workspace);
    if (live?.kind === 'starting') return 'starting';
    if (active) return 'active';
    return live === undefined ? 'asleep' : 'idle';
  }

  return {
    driverOf,
    specOf,
    listenerOf,
    take,
    adopt,
    close,

    sleep,
    isLive: (workspace) => held.get(workspace)?.kind === 'live',

    async acquire(workspace, agent, signal) {
      while (gates.has(workspace)) await untilAborted(gates.get(workspace) ?? Promise.resolve(), signal);
      if (isClosed) throw new GatewayError('draining', 'This gateway is stopping');
      const live = held.get(workspace);
      if (live?.kind === 'live') return live.session;
      signal.throwIfAborted();
      return untilAborted(live?.started ?? begin(workspace, agent), signal);
    },

    async exclusive(workspace, work) {
      while (gates.has(workspace)) await gates.get(workspace);
      const gate = Promise.withResolvers<void>();
      gates.set(workspace, gate.promise);
      try {
        await work();
      } finally {
        gates.delete(workspace);
        gate.resolve();
      }
    },

    async view(sessions, running) {
      const details = await inspect(sessions);
      return Promise.all(
        sessions.map(async (session) => {
          const { workspace } = session;
          const runningRequestId = running(workspace);
          const counts = await store.countRequests(workspace);
          const { attach = null, attached = 0, process = null } = details.get(workspace) ?? {};
          return {
            ...session,
            sessionName: toSessionName(workspace),
            status: statusOf(workspace, runningRequestId !== null),
            activeRequests: counts.active,
            totalRequests: counts.total,
            runningRequestId,
            age: clock.now() - session.createdAt,
            attach,
            attached,
            process,
          };
        }),
      );
    },

    async closeAll() {
      isClosed = true;
      await Promise.all([...held.keys()].map(close));
    },

    workspaces: () => [...held.keys()],
  };
}

/** Gives up waiting when the signal aborts; what was waited for goes on. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const give = (): void => aborted.reject(signal.reason);
  if (signal.aborted) give();
  signal.addEventListener('abort', give, { once: true });
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', give));
}
