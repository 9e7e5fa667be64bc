import type { RetentionLimits, RetentionPlace, RetentionStep } from '../../core/ports/retention/retention-store.ts';
import { lastSeq } from '../events/event-queries.ts';
import { readLastPauseEvent } from '../events/events.ts';
import { forgetKey } from '../idempotency/idempotency-queries.ts';
import { longestQueued } from '../requests/queries.ts';
import { all, get, run, type Step } from '../sql/step.ts';
import {
  deliveriesBehind,
  dropApprovals,
  dropDeliveries,
  dropDeliveryAt,
  dropEvents,
  dropKeys,
  dropRequest,
  firstEvents,
  forgettable,
  oldestRunning,
  oldKeys,
} from './retention-queries.ts';

/** Of one step: some milliseconds of the database. */
const REQUESTS = 50;
const ROWS = 300;

/** Must run inside one transaction. */
export function* forget(limits: RetentionLimits, behind: RetentionPlace): Step<RetentionStep> {
  const keys = yield* dropOldKeys(limits.keysBefore);
  const { createdAt, seq } = behind;
  const rows = yield* all(forgettable, { ...limits, createdAt, seq, limit: REQUESTS });
  const isLast = rows.length < REQUESTS;
  // The log goes as far as these requests do, and before them.
  const bound = isLast ? limits.endedBefore : Math.max(...rows.map(({ completed_at }) => completed_at ?? 0)) + 1;
  const events = yield* cutLog(bound);
  const others = yield* dropOthers(behind.delivery, bound);
  const forgotten = { requests: 0, events, deliveries: others.dropped, keys };
  const place = { ...behind, delivery: others.upTo };
  if (events === ROWS || others.isFull || keys === ROWS) return { forgotten, place, isOver: false };
  let deliveries = others.dropped;
  for (const { id } of rows) {
    yield* run(dropApprovals, { id });
    deliveries += yield* run(dropDeliveries, { id });
    yield* run(dropKeys, { id });
    yield* run(dropRequest, { id });
  }
  const last = rows.at(-1);
  return {
    forgotten: { ...forgotten, requests: rows.length, deliveries },
    place: last === undefined ? place : { ...place, createdAt: last.created_at, seq: last.seq },
    isOver: isLast,
  };
}

function* dropOldKeys(keysBefore: number): Step<number> {
  const keys = yield* all(oldKeys, { keysBefore, limit: ROWS });
  for (const { owner, key } of keys) yield* run(forgetKey, { owner, key });
  return keys.length;
}

/** The last event stays: the numbers of the next ones, and of cursors, follow from it. */
function* cutLog(bound: number): Step<number> {
  const last = (yield* get(lastSeq, {}))?.seq ?? 0;
  const first = yield* all(firstEvents, { limit: ROWS });
  const young = first.findIndex(({ at, seq }) => at >= bound || seq === last);
  const upTo = first.at(young === -1 ? -1 : young - 1)?.seq;
  if (upTo === undefined || young === 0) return 0;
  return yield* run(dropEvents, { upTo });
}

/** Deliveries of no request, which end nothing and are told of nowhere else. */
function* dropOthers(
  after: number,
  bound: number,
): Step<{ readonly dropped: number; readonly upTo: number; readonly isFull: boolean }> {
  const found = yield* all(deliveriesBehind, { after, limit: ROWS });
  const young = found.findIndex(({ created_at }) => created_at >= bound);
  const old = young === -1 ? found : found.slice(0, young);
  const over = old.filter(({ request_id, ended_at }) => request_id === null && ended_at !== null && ended_at < bound);
  for (const { seq } of over) yield* run(dropDeliveryAt, { seq });
  return { dropped: over.length, upTo: old.at(-1)?.seq ?? after, isFull: old.length === ROWS };
}

export function* readNeededSince(): Step<number | null> {
  const pause = yield* readLastPauseEvent();
  const instants = [
    (yield* get(longestQueued, {}))?.created_at,
    (yield* get(oldestRunning, {}))?.created_at,
    pause?.type === 'agent.paused' ? pause.at : undefined,
  ].filter((at) => at !== undefined);
  return instants.length === 0 ? null : Math.min(...instants);
}
