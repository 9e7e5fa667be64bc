import type { AgentName } from '../model/agent.ts';
import { GatewayError } from '../model/errors.ts';
import type { SessionRecord, SessionStatus } from '../model/session.ts';
import { toSessionName } from '../model/workspace.ts';
import type { AgentDriver, AgentSession, SessionListener, SessionSpec } from '../ports/agent.ts';
import type { SessionView } from '../ports/gateway.ts';
import { appendNotice } from './notices.ts';
import type { FlowParts } from './parts.ts';

/** The live agents of this process, one for each workspace. */
export interface Sessions {
  driverOf(agent: AgentName): AgentDriver;
  specOf(workspace: string): Promise<SessionSpec>;
  /** Told of what happens in the session outside of its turns. */
  listenerOf(workspace: string): SessionListener;
  /** The live agent; adopts, resumes or starts it when there is none here. Callers at once share one start. */
  acquire(workspace: string, agent: AgentName, signal: AbortSignal): Promise<AgentSession>;
  /** Takes in an agent that recovery found. */
  take(workspace: string, session: AgentSession): void;
  /** Takes in the idle agent of a known session, if one lives, and ends that of a deleted one; never rejects. */
  adopt(workspace: string, driver: AgentDriver): Promise<void>;
  view(session: SessionRecord, active: boolean): Promise<SessionView>;
  /** Runs `work` while no agent is started or handed out for this workspace. */
  exclusive(workspace: string, work: () => Promise<void>): Promise<void>;
  /** Ends the live agent, also one that is just starting. */
  close(workspace: string): Promise<void>;
  closeAll(): Promise<void>;
  /** Live agents, and those that start. */
  workspaces(): readonly string[];
}

type Live =
  | { readonly kind: 'starting'; readonly started: Promise<AgentSession>; readonly stop: AbortController }
  | { readonly kind: 'live'; readonly session: AgentSession };

export function createSessions(parts: FlowParts): Sessions {
  const { store, clock, log } = parts;
  const held = new Map<string, Live>();
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

  function take(workspace: string, session: AgentSession): void {
    const live: Live = { kind: 'live', session };
    held.set(workspace, live);
    void session.exited.then(() => {
      if (held.get(workspace) === live) held.delete(workspace);
    });
  }

  async function start(workspace: string, agent: AgentName, signal: AbortSignal): Promise<AgentSession> {
    const driver = driverOf(agent);
    const spec = await specOf(workspace);
    const startedAt = clock.now();
    const listener = listenerOf(workspace);
    const session = (await driver.adopt(spec, listener)) ?? (await driver.open(spec, signal, listener));
    // Before a prompt: a crash must find the conversation again.
    const known = await store.updateSession(workspace, {
      agentSessionId: session.agentSessionId,
      lastActivityAt: clock.now(),
    });
    if (!known || signal.aborted) {
      await session.close();
      throw new GatewayError('not_found', `The session of ${workspace} was deleted`);
    }
    log.info(
      { workspace, ms: clock.now() - startedAt, resumed: spec.agentSessionId === session.agentSessionId },
      'session.started',
    );
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
      () => {
        if (held.get(workspace) === entry) held.delete(workspace);
      },
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
      if (session !== null) take(workspace, session);
    } catch (error) {
      log.warn({ workspace, error: String(error) }, 'session.not_adopted');
    }
  }

  async function close(workspace: string): Promise<void> {
    const live = held.get(workspace);
    held.delete(workspace);
    if (live?.kind === 'live') await live.session.close();
    if (live?.kind === 'starting') {
      live.stop.abort();
      await live.started.then(
        (session) => session.close(),
        () => {},
      );
    }
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

    async acquire(workspace, agent, signal) {
      while (gates.has(workspace)) await untilAborted(gates.get(workspace) ?? Promise.resolve(), signal);
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

    async view(session, active) {
      const counts = await store.countRequests(session.workspace);
      return {
        ...session,
        sessionName: toSessionName(session.workspace),
        status: statusOf(session.workspace, active),
        activeRequests: counts.active,
        totalRequests: counts.total,
        age: clock.now() - session.createdAt,
      };
    },

    async closeAll() {
      await Promise.all([...held.keys()].map(close));
    },

    workspaces: () => [...held.keys()],
  };
}

/** Gives up waiting when the signal aborts; what was waited for goes on. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const give = (): void => aborted.reject(signal.reason);
  if (signal.aborted) give();
  signal.addEventListener('abort', give, { once: true });
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', give));
}
