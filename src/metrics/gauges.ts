import { Gauge, type Registry } from 'prom-client';
import { APPROVAL_STATES } from '../core/model/approval.ts';
import { PRIORITIES } from '../core/model/request.ts';
import type { SessionStatus } from '../core/model/session.ts';
import type { HealthApi } from '../core/ports/gateway/health.ts';
import type { SessionsApi } from '../core/ports/gateway/sessions.ts';
import type { Backlog, BacklogStore } from '../core/ports/metrics/backlog.ts';
import type { Store } from '../core/ports/store.ts';

/** What is read when somebody looks. */
export interface Watched {
  readonly store: BacklogStore & Pick<Store, 'listApprovals'>;
  readonly sessions: Pick<SessionsApi, 'list'>;
  readonly health: Pick<HealthApi, 'check' | 'isReady'>;
  readonly now: () => number;
}

const STATUSES: readonly SessionStatus[] = ['starting', 'active', 'idle', 'asleep'];
const PHASES = ['preparing', 'submitting', 'working', 'waiting_approval'] as const;

/** Reads all of them anew. One that cannot be read is left out, so that a look always has an answer. */
export function createGauges(registry: Registry, watched: Watched): () => Promise<void> {
  const gauges = createAll(registry);
  const reads = [
    () => readBacklog(gauges, watched),
    () => readSessions(gauges, watched),
    () => readHealth(gauges, watched),
    () => readSizes(gauges, watched),
  ];
  return async () => {
    for (const gauge of Object.values(gauges)) gauge.reset();
    await Promise.allSettled(reads.map((read) => read()));
  };
}

type Gauges = ReturnType<typeof createAll>;

function createAll(registry: Registry) {
  const gauge = <const L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `gatehouse_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  return {
    queued: gauge('queue_length', 'Requests that wait.', ['priority']),
    queueAge: gauge('queue_oldest_seconds', 'How long the oldest of them has waited.', ['priority']),
    running: gauge('requests_running', 'Requests whose turn runs.', ['phase']),
    owed: gauge('deliveries_owed', 'Deliveries that are owed.', ['transport']),
    owedAge: gauge('deliveries_oldest_seconds', 'How long the oldest of them has been owed.', ['transport']),
    approvals: gauge('approvals_open', 'Approvals that wait for a decision.', []),
    sessions: gauge('sessions', 'Sessions.', ['status']),
    memory: gauge('agent_memory_bytes', 'What live agents take, with all below them.', []),
    attached: gauge('people_attached', 'People who are attached to sessions.', []),
    healthy: gauge('healthy', 'Checks of /health: 1 is well.', ['check']),
    ready: gauge('ready', 'Whether the gateway takes work.', []),
    size: gauge('store_size_bytes', 'What the database takes on disk.', ['part']),
  };
}

async function readBacklog(gauges: Gauges, { store, now }: Watched): Promise<void> {
  const { queued, running, owed }: Backlog = await store.readBacklog();
  const ageOf = (oldestAt: number): number => Math.max(0, now() - oldestAt) / 1_000;
  for (const priority of PRIORITIES) {
    const found = queued.find((one) => one.priority === priority);
    gauges.queued.set({ priority }, found?.count ?? 0);
    gauges.queueAge.set({ priority }, found === undefined ? 0 : ageOf(found.oldestAt));
  }
  for (const phase of PHASES) gauges.running.set({ phase }, running.find((one) => one.phase === phase)?.count ?? 0);
  for (const { transport, count, oldestAt } of owed) {
    gauges.owed.set({ transport }, count);
    gauges.owedAge.set({ transport }, ageOf(oldestAt));
  }
  const [open] = APPROVAL_STATES;
  gauges.approvals.set((await store.listApprovals({ state: open }, 1)).total);
}

async function readSessions(gauges: Gauges, { sessions }: Watched): Promise<void> {
  const all = await sessions.list();
  for (const status of STATUSES)
    gauges.sessions.set({ status }, all.filter((session) => session.status === status).length);
  gauges.memory.set(all.reduce((sum, { process }) => sum + (process?.memoryBytes ?? 0), 0));
  gauges.attached.set(all.reduce((sum, { attached }) => sum + attached, 0));
}

async function readHealth(gauges: Gauges, { health }: Watched): Promise<void> {
  gauges.ready.set(health.isReady() ? 1 : 0);
  for (const [check, { healthy }] of Object.entries((await health.check()).checks))
    gauges.healthy.set({ check }, healthy ? 1 : 0);
}

async function readSizes(gauges: Gauges, { store }: Watched): Promise<void> {
  for (const [part, bytes] of Object.entries(await store.readSizes())) gauges.size.set({ part }, bytes);
}
