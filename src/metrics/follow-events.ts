import { isCursorLost } from '../core/model/errors.ts';
import { endsRequest, type EventRecord, type EventType } from '../core/model/event.ts';
import type { Phase, RequestRecord } from '../core/model/request.ts';
import type { Usage } from '../core/model/usage/usage.ts';
import type { EventsApi } from '../core/ports/gateway/events.ts';
import type { Store } from '../core/ports/store.ts';
import { readOn } from '../lib/read-on.ts';
import type { Instruments } from './instruments.ts';

/** What happens is read from the log of events, as every other reader does; what an event does not tell is read from the
 *  record that it tells of. */
export interface Followed {
  readonly events: EventsApi;
  readonly store: Pick<Store, 'readRequest' | 'readApproval' | 'readEventSpan'>;
}

/** Begins with what happens from now on; resolves when it has begun. Each event is counted once, also when the log could
 *  not be read for a while; what is no longer kept then is passed over. */
export async function followEvents(
  { events, store }: Followed,
  instruments: Instruments,
  signal: AbortSignal,
): Promise<void> {
  await readOn(
    {
      readLast: async () => (await store.readEventSpan()).last,
      follow: (after, until) => events.follow({}, after, until),
      take: createCount(store, instruments),
      failed: () => instruments.lines.inc({ level: 'error', event: 'metrics.events_lost' }),
      isGone: isCursorLost,
    },
    signal,
  );
}

type Count = (event: EventRecord) => void | Promise<void>;

function createCount(store: Followed['store'], instruments: Instruments): (event: EventRecord) => Promise<void> {
  const phases = createPhases(instruments);
  const counts = createCounts(store, instruments);
  return async (event) => {
    // It may have to read, and fail: then the event comes again.
    await counts[event.type]?.(event);
    phases(event);
  };
}

function createCounts(store: Followed['store'], instruments: Instruments): Partial<Record<EventType, Count>> {
  const { accepted, starts, slept, asked } = instruments;
  const usage = createUsageCount(instruments);
  const ended: Count = async (event) => countEnd(await readRequest(store, event), instruments, usage);
  const decided: Count = (event) => countDecision(store, event, instruments);
  return {
    'request.queued': (event) => accepted.inc({ source: textOf(event, 'source'), priority: textOf(event, 'priority') }),
    'request.started': async (event) => countStart(await readRequest(store, event), instruments),
    'request.completed': ended,
    'request.failed': ended,
    'request.timed_out': ended,
    'request.cancelled': ended,
    'usage.noted': ({ data }) => usage.noted(String(data['requestId']), data['usage'] as Usage | null),
    'session.started': ({ data }) =>
      starts.observe({ resumed: String(data['resumed'] === true) }, Number(data['ms']) / 1_000),
    'session.slept': () => slept.inc(),
    'approval.opened': (event) => asked.inc({ kind: textOf(event, 'kind') }),
    'approval.allowed': decided,
    'approval.denied': decided,
    'approval.expired': decided,
  };
}

async function readRequest(store: Followed['store'], { requestId }: EventRecord): Promise<RequestRecord | null> {
  return requestId === null ? null : store.readRequest(requestId);
}

function countStart(request: RequestRecord | null, { waited }: Instruments): void {
  // A later claim waited for a place only.
  if (request === null || request.retries > 0 || request.startedAt === null) return;
  waited.observe({ priority: request.priority }, (request.startedAt - request.createdAt) / 1_000);
}

function countEnd(request: RequestRecord | null, instruments: Instruments, taken: UsageCount): void {
  if (request === null) return;
  const { id, state, reason, source, agent, startedAt, completedAt, usage } = request;
  instruments.ended.inc({ state, reason: reason ?? '', source, agent });
  if (startedAt !== null && completedAt !== null)
    instruments.turn.observe({ agent, state }, (completedAt - startedAt) / 1_000);
  if (usage !== null) taken.atEnd(id, usage);
}

/** Once for each request. What a turn took may be known at its end, or behind it; an end that is read late has it too. */
interface UsageCount {
  atEnd(requestId: string, usage: Usage): void;
  noted(requestId: string, usage: Usage | null): void;
}

/** Ends whose usage is told once more follow each other closely. */
const REMEMBERED_MAX = 1_000;

function createUsageCount(instruments: Instruments): UsageCount {
  const counted = new Set<string>();
  return {
    atEnd(requestId, usage) {
      countUsage(usage, instruments);
      counted.add(requestId);
      const [oldest] = counted;
      if (counted.size > REMEMBERED_MAX && oldest !== undefined) counted.delete(oldest);
    },
    noted(requestId, usage) {
      if (usage !== null && !counted.delete(requestId)) countUsage(usage, instruments);
    },
  };
}

function countUsage({ models, costMicroUsd }: Usage, { tokens, cost, unpriced }: Instruments): void {
  for (const { model, ...taken } of models) {
    tokens.inc({ model, kind: 'input' }, taken.inputTokens);
    tokens.inc({ model, kind: 'output' }, taken.outputTokens);
    tokens.inc({ model, kind: 'cache_read' }, taken.cacheReadTokens);
    tokens.inc({ model, kind: 'cache_write' }, taken.cacheWriteTokens);
    cost.inc({ model }, (taken.costMicroUsd ?? 0) / 1e6);
  }
  if (costMicroUsd === null) unpriced.inc();
}

async function countDecision(store: Followed['store'], event: EventRecord, { decided }: Instruments): Promise<void> {
  const approval = await store.readApproval(textOf(event, 'approvalId'));
  if (approval === null) return;
  const { kind, state, decidedBy, createdAt } = approval;
  decided.observe({ kind, state, by: decidedBy ?? '' }, (event.at - createdAt) / 1_000);
}

/** Begin and end of each phase, from the events at both. What waits for decisions is a part of the phase in which it does. */
function createPhases({ phase }: Instruments): (event: EventRecord) => void {
  const running = new Map<string, { readonly phase: Phase; readonly at: number }>();
  return (event) => {
    const { requestId, at } = event;
    if (requestId === null) return;
    const next = PHASES[event.type] ?? null;
    const isOver = endsRequest(event) || event.type === 'request.requeued';
    if (next === null && !isOver) return;
    const before = running.get(requestId);
    if (before !== undefined) phase.observe({ phase: before.phase }, (at - before.at) / 1_000);
    if (next === null) running.delete(requestId);
    else running.set(requestId, { phase: next, at });
  };
}

const PHASES: Partial<Record<EventType, Phase>> = {
  'request.started': 'preparing',
  'request.submitting': 'submitting',
  'request.working': 'working',
};

function textOf({ data }: EventRecord, name: string): string {
  return typeof data[name] === 'string' ? data[name] : '';
}
