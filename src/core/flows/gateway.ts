import type { GatewayApi } from '../ports/gateway/gateway.ts';
import { createApprovals } from './approvals/approvals.ts';
import { createChats } from './chat/chats.ts';
import { createEventFeed } from './events/event-feed.ts';
import { createHealth, type OutsideChecks } from './health.ts';
import type { FlowParts } from './parts.ts';
import { createDeliveries } from './outbox/deliveries.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createWebhooks } from './outbox/webhooks.ts';
import { createLanes, type Lanes } from './queue/lanes/lanes.ts';
import { readOutlook } from './queue/outlook.ts';
import { createKeys } from './keys/keys.ts';
import { mustReach } from './keys/reach.ts';
import { createPauses } from './queue/pauses.ts';
import { createQueueTimeouts } from './queue/queue-timeouts.ts';
import { createQuick } from './quick/quick.ts';
import { createReadiness } from './readiness.ts';
import { recover } from './recover.ts';
import { createAnswers } from './requests/answers.ts';
import type { Ended } from './requests/ends.ts';
import { createKeptKeys } from './requests/kept-keys.ts';
import type { Queue } from './requests/queue.ts';
import { createRequests } from './requests/requests.ts';
import { createWaits } from './requests/waits.ts';
import { createAgents } from './sessions/agents/agents.ts';
import { createStarts } from './sessions/agents/starts.ts';
import { createInspection } from './sessions/inspection.ts';
import { createPool, type Pool } from './sessions/pool/pool.ts';
import { createSessions } from './sessions/sessions.ts';
import { createTerminals } from './sessions/terminals.ts';
import { createThreads } from './threads/threads.ts';
import { createLateUsage } from './usage/late-usage.ts';
import { createUsage } from './usage/usage.ts';

export interface GatewayFlows {
  readonly api: GatewayApi;
  /** Recovers what an earlier process left, then claims begin. */
  start(): Promise<void>;
  /** No new submissions and claims; turns under way are let go and stay in the agent. */
  drain(): Promise<void>;
  /** Ends the live agents. */
  closeSessions(): Promise<void>;
}

/** Joins what the rooms make, each handed what it needs of the others. */
// oxlint-disable-next-line eslint/max-lines-per-function -- a list: each room by its name
export function createGatewayFlows(parts: FlowParts, outside: OutsideChecks): GatewayFlows {
  const readiness = createReadiness();
  const waits = createWaits();
  const feed = createEventFeed(parts.store);
  const agents = createAgents(parts, { live: (...at) => pool.live(...at), gone: (workspace) => pool.gone(workspace) });
  const pool: Pool = createPool({ parts, agents, freed: () => lanes.placeFreed() });
  const inspection = createInspection({ parts, agents });
  const starts = createStarts(parts, agents);
  const approvals = createApprovals(parts);
  const pauses = createPauses(parts, () => lanes.fill());
  const outbox = createOutbox({ parts });
  const lateUsage = createLateUsage({ parts, freed: (address) => outbox.wake(address) });
  const ended: Ended = (request, end) => {
    pauses.note(request, end);
    waits.ended(request.id);
  };
  const lanes: Lanes = createLanes({ parts, agents, approvals, starts, pool, pauses, ended, lateUsage });
  const threads = createThreads({ parts, readiness, agents, turns: lanes });
  const timeouts = createQueueTimeouts({ parts, lanes, ended });
  const queue: Queue = {
    added: ({ createdAt }) => timeouts.note(createdAt),
    kick: (workspace, agent) => lanes.kick(workspace, agent),
    claimed: (workspace) => lanes.claimed(workspace),
    outlook: (...request) => readOutlook({ parts, lanes, pauses }, ...request),
  };

  const requests = createRequests({ parts, readiness, queue, waits, ended });
  const sessions = createSessions({ parts, readiness, agents, pool, inspection, turns: lanes, ended });
  const ending = { parts, agents, turns: lanes, ended };
  const usage = createUsage(parts);
  const quick = createQuick({ parts, readiness, requests, usage, sessions: ending });

  return {
    api: {
      requests,
      answers: createAnswers({ parts, queue }),
      keptKeys: createKeptKeys(parts.store),
      sessions,
      approvals,
      chats: createChats({ parts, requests, approvals, sessions, outbox }),
      deliveries: createDeliveries({ parts, outbox }),
      webhooks: createWebhooks({ parts, outbox }),
      events: feed,
      terminals: createTerminals({ parts, readiness }),
      threads: threads.api,
      quick: quick.api,
      usage,
      keys: { ...createKeys(parts), mustReach: (reach, thing) => mustReach(parts.store, reach, thing) },
      audit: {
        list: (after, limit) => parts.store.listAudit(after, limit),
        note: (line) => parts.store.noteAudit({ ...line, at: parts.clock.now() }),
      },
      health: createHealth({ parts, usage, readiness, agents, lanes, pauses, outside }),
    },
    async start() {
      // Connections ended with the process that held them.
      await parts.store.leaveAll(parts.clock.now());
      await pauses.restore();
      await recover({ parts, agents, lanes, ended, lateUsage });
      agents.opened();
      // What an earlier process left too long is not begun any more.
      await timeouts.look();
      if (!readiness.recovered()) return;
      lanes.open();
      outbox.start();
      void pool.shrink();
      quick.begin();
    },
    async drain() {
      readiness.drain();
      threads.stop();
      feed.close();
      await quick.stop();
      await pauses.stop();
      await timeouts.stop();
      await lanes.drain();
      await lateUsage.stop();
      await outbox.stop();
      await pool.close();
    },
    closeSessions: () => agents.closeAll(),
  };
}
