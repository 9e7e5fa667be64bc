import type { AgentName } from '../model/agent.ts';
import { createApprovals } from './approvals/approvals.ts';
import { GatewayError } from '../model/errors.ts';
import { hasEnded, type RequestEnd, type RequestRecord } from '../model/request.ts';
import type { SessionRecord } from '../model/session.ts';
import type { GatewayApi } from '../ports/gateway/gateway.ts';
import type { SessionView } from '../ports/gateway/sessions.ts';
import { createEventFeed } from './events/event-feed.ts';
import { estimateEnd } from './queue/estimate.ts';
import { checkHealth, type OutsideChecks } from './health.ts';
import { createLanes } from './queue/lanes.ts';
import { createPauses } from './queue/pauses.ts';
import type { FlowParts } from './parts.ts';
import { createPool, type Pool } from './sessions/pool.ts';
import { createQueueTimeouts } from './queue/queue-timeouts.ts';
import { recover } from './recover.ts';
import { createResponses } from './requests/responses.ts';
import { createSessions } from './sessions/sessions.ts';
import { createStarts } from './sessions/starts.ts';
import { checkWorkspaceName, submitRequest } from './requests/submit.ts';
import { createTerminalDoor } from './sessions/terminals.ts';
import { sessionDeleted } from './turns/turn.ts';
import { createWaits } from './requests/waits.ts';

export interface GatewayFlows {
  readonly api: GatewayApi;
  /** Recovers what an earlier process left, then claims begin. */
  start(): Promise<void>;
  /** No new submissions and claims; turns under way are let go and stay in the agent. */
  drain(): Promise<void>;
  /** Ends the live agents. */
  closeSessions(): Promise<void>;
}

/** Of one request that are shown. */
const APPROVALS_MAX = 1_000;

export function createGatewayFlows(parts: FlowParts, outside: OutsideChecks): GatewayFlows {
  const { store, clock, log } = parts;
  const waits = createWaits();
  const responses = createResponses(parts);
  const noteEnded = (id: string): void => {
    waits.ended(id);
    responses.look();
  };
  const sessions = createSessions(parts, {
    live: (workspace, usedAt) => pool.live(workspace, usedAt),
    gone: (workspace) => pool.gone(workspace),
  });
  const pool: Pool = createPool({ parts, sessions, freed: () => lanes.placeFreed() });
  const noteEnd = (request: RequestRecord, end: RequestEnd): void => {
    pauses.note(request, end);
    noteEnded(request.id);
  };
  const pauses = createPauses(parts, sessions, () => lanes.fill());
  const feed = createEventFeed(store);
  const approvals = createApprovals(parts);
  const terminals = createTerminalDoor(parts, sessions);
  const lanes = createLanes(
    {
      parts,
      sessions,
      approvals,
      starts: createStarts(parts, sessions),
      pool,
      isPaused: (agent) => pauses.of(agent) !== null,
      ended: noteEnd,
    },
    parts.settings.maxRunningTurns,
  );
  const timeouts = createQueueTimeouts(parts, (request, end) => {
    noteEnd(request, end);
    lanes.kick(request.workspace, request.agent);
  });
  let state: 'recovering' | 'ready' | 'draining' = 'recovering';

  function refuseWhileDraining(): void {
    if (state !== 'draining') return;
    throw new GatewayError('draining', 'This gateway is stopping: send the request again in a moment', {
      retry: { afterMs: 5_000 },
    });
  }

  async function requireRequest(id: string): Promise<RequestRecord> {
    const request = await store.readRequest(id);
    if (request === null) throw new GatewayError('not_found', `Request not found: ${id}`);
    return request;
  }

  async function requireSession(workspace: string): Promise<SessionRecord> {
    checkWorkspaceName(workspace);
    const session = await store.readSession(workspace);
    if (session === null) throw new GatewayError('not_found', `Session not found: ${workspace}`);
    return session;
  }

  const view = (known: readonly SessionRecord[]): Promise<readonly SessionView[]> =>
    sessions.view(known, (workspace) => lanes.running(workspace)?.request.id ?? null);

  async function viewOne(session: SessionRecord): Promise<SessionView> {
    const [found] = await view([session]);
    if (found === undefined) throw new GatewayError('internal', `no view of ${session.workspace}`);
    return found;
  }

  /** A request that follows tells what went wrong, if anything did. Without a free place it stays asleep. */
  async function warm(workspace: string, agent: AgentName): Promise<void> {
    const lease = await pool.reserve(workspace);
    if (lease === null) return log.info({ workspace }, 'session.no_place');
    await sessions.acquire(workspace, agent, AbortSignal.any([])).finally(() => lease.release());
  }

  async function cancel(id: string): Promise<RequestRecord> {
    const request = await requireRequest(id);
    if (hasEnded(request.state)) return request;
    const now = clock.now();
    const end = { state: 'cancelled', reason: null, error: null, text: null, usage: null } as const;
    if (await store.endQueued(id, end, now)) {
      noteEnded(id);
      lanes.kick(request.workspace, request.agent);
      return requireRequest(id);
    }
    // It has been claimed: the wish goes to disk first, so that it outlives this process.
    await store.askCancel(id, now);
    const turn = await lanes.claimed(request.workspace);
    if (turn?.request.id === id) turn.stop('cancelled');
    return requireRequest(id);
  }

  async function deleteSession(workspace: string, force: boolean): Promise<void> {
    const session = await requireSession(workspace);
    const { active } = await store.countRequests(workspace);
    if (active > 0 && !force) {
      throw new GatewayError('session_busy', `Session has ${active} active requests: use ?force=true to end them`);
    }
    await sessions.exclusive(workspace, async () => {
      for (const request of await store.listQueued(workspace)) {
        if (await store.endQueued(request.id, { ...sessionDeleted, text: null, usage: null }, clock.now()))
          noteEnded(request.id);
      }
      lanes.kick(workspace, session.agent);
      const turn = await lanes.claimed(workspace);
      turn?.stop('session_deleted');
      // From here a new request begins a new session; its agent is started when the old one is gone.
      await store.deleteSession(workspace, clock.now());
      await sessions.close(workspace);
      await turn?.done;
    });
    log.info({ workspace }, 'session.deleted');
  }

  const api: GatewayApi = {
    requests: {
      async submit(submission) {
        refuseWhileDraining();
        const submitted = await submitRequest(parts, submission);
        if (!submitted.replayed) {
          timeouts.note(submitted.request.createdAt);
          log.info(
            {
              requestId: submitted.request.id,
              workspace: submission.workspace,
              source: submission.source,
              prompt: submitted.request.prompt,
            },
            'request.queued',
          );
        }
        lanes.kick(submission.workspace, submitted.request.agent);
        return submitted;
      },

      async read(id) {
        const request = await requireRequest(id);
        const pause = request.state === 'queued' ? pauses.of(request.agent) : null;
        const { approvals: asked } = await store.listApprovals({ requestId: id }, APPROVALS_MAX);
        const position = request.state === 'queued' ? await store.readPosition(id) : null;
        const runningSince = lanes.running(request.workspace)?.request.startedAt ?? null;
        const estimatedCompletionAt = await estimateEnd(parts, { request, position, runningSince });
        return { request, position, estimatedCompletionAt, pause, approvals: asked.toReversed() };
      },

      async waitForEnd(id, signal) {
        const request = await waits.forEnd(id, () => store.readRequest(id), signal);
        return request ?? requireRequest(id);
      },

      cancel,
      list: (filter, behind, limit) => store.listRequests(filter, behind, limit),
    },

    answers: {
      async leave(id) {
        const request = await store.leave(id, clock.now());
        if (request === null) return;
        if (hasEnded(request.state)) responses.look();
        // Its class may have changed, and with it the order.
        else lanes.kick(request.workspace, request.agent);
      },

      handedOver: (id) => store.settleAnswer(id),
    },

    keptKeys: {
      list: (owner) => store.listKeptKeys(owner),
      release: (owner, key) => store.releaseKey(owner, key),
    },

    sessions: {
      list: async () => view(await store.listSessions()),
      read: async (workspace) => viewOne(await requireSession(workspace)),
      async create(workspace, agent = parts.settings.defaultAgent) {
        refuseWhileDraining();
        checkWorkspaceName(workspace);
        await parts.workspaces.ensure(workspace);
        const now = clock.now();
        const { session, created } = await store.ensureSession({
          workspace,
          agent,
          agentSessionId: null,
          createdAt: now,
          lastActivityAt: now,
        });
        const known: string = session.agent;
        if (known !== agent) {
          throw new GatewayError('agent_mismatch', `The session of ${workspace} has the agent ${known}`, {
            field: 'agent',
          });
        }
        warm(workspace, agent).catch((error: unknown) =>
          log.warn({ workspace, error: String(error) }, 'session.not_warmed'),
        );
        return { session: await viewOne(session), created };
      },

      delete: deleteSession,
      async screen(workspace) {
        const session = await requireSession(workspace);
        const screen = await sessions.driverOf(session.agent).screen(workspace);
        if (screen === null)
          throw new GatewayError('no_screen', `The session of ${workspace} is asleep and has no screen`, {
            retry: 'later',
          });
        return screen;
      },
    },

    approvals: {
      list: (filter, limit) => store.listApprovals(filter, limit),
      async read(id) {
        const approval = await store.readApproval(id);
        if (approval === null) throw new GatewayError('not_found', `Approval not found: ${id}`);
        return approval;
      },

      decide: (id, given) => approvals.decide(id, given),
    },

    events: feed,

    terminals: {
      async open(workspace, wish) {
        refuseWhileDraining();
        return terminals.open(await requireSession(workspace), wish);
      },
    },

    health: {
      check: () => checkHealth({ parts, sessions, lanes, pauses, outside }),
      isReady: () => state === 'ready',
    },
  };

  return {
    api,
    async start() {
      // Connections ended with the process that held them.
      await store.leaveAll(clock.now());
      await pauses.restore();
      await recover({ parts, sessions, lanes, ended: noteEnd });
      // What an earlier process left too long is not begun any more.
      await timeouts.look();
      if (state !== 'recovering') return;
      state = 'ready';
      lanes.open();
      responses.look();
      void pool.shrink();
    },
    async drain() {
      state = 'draining';
      feed.close();
      await pauses.stop();
      await timeouts.stop();
      await responses.stop();
      await lanes.drain();
      await pool.close();
    },
    closeSessions: () => sessions.closeAll(),
  };
}
