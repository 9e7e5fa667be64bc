import { urgencyOf } from '../../model/delivery.ts';
import type { LaneHead } from '../../ports/outbox-store.ts';
import type { DueDelivery } from '../../ports/transport.ts';
import type { FlowParts } from '../parts.ts';
import { attempt } from './attempt.ts';
import type { Ward } from './gate/places.ts';
import type { Posts } from './posts.ts';
import type { Waits } from './pauses/waits.ts';

export interface LaneDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'log' | 'settings' | 'chance' | 'workspaceFiles'>;
  readonly posts: Posts;
  readonly waits: Waits;
  /** What has just been sent. */
  readonly told: (delivery: DueDelivery) => void;
  /** No attempt begins any more. */
  readonly isStopped: () => boolean;
  /** Aborts when those under way have had their moment. */
  readonly stopping: AbortSignal;
}

/** One attempt after the other, in order, until nothing is due. Resolves with the time to the next one (milliseconds);
 *  null: nothing is owed, the first is held, or the outbox stops. */
export async function serveLane(deps: LaneDeps, lane: string): Promise<number | null> {
  const { posts, waits } = deps;
  const { store, clock, settings } = deps.parts;
  while (!deps.isStopped()) {
    const head = await store.readLaneHead(lane);
    // What is held is told of when it is free.
    const waitMs = waits.left(lane, head?.failing ?? null, posts.of(lane).transport.policy);
    if (head === null || head.isHeld) return null;
    const now = clock.now();
    const leftMs = head.delivery.owedSince + settings.deliveryGiveUpMs - now;
    if (leftMs <= 0) await giveUp(deps, head, now);
    else if (waitMs > 0) return Math.min(waitMs, leftMs);
    else await attemptInTurn(deps, lane, head);
  }
  return null;
}

/** A lane that stands at the gate may have something more urgent by now. */
export async function hurryLane({ parts, posts }: Pick<LaneDeps, 'parts' | 'posts'>, lane: string): Promise<void> {
  const { gate } = posts.of(lane);
  if (!gate.isAsked(lane)) return;
  const head = await parts.store.readLaneHead(lane);
  if (head !== null) gate.hurry(lane, urgencyOf(head.delivery.kind));
}

async function giveUp({ parts: { store, log } }: LaneDeps, { delivery }: LaneHead, now: number): Promise<void> {
  const { id, requestId, kind, attempts, lastError } = delivery;
  const error = lastError ?? 'what is owed before it was in its way for too long';
  await store.endDelivery(id, { state: 'given_up', error, link: null }, now);
  log.error({ deliveryId: id, requestId, kind, attempts, error }, 'delivery.given_up');
}

async function attemptInTurn(deps: LaneDeps, lane: string, first: LaneHead): Promise<void> {
  const { parts, posts, told, stopping } = deps;
  const { transport, gate } = posts.of(lane);
  const rank = urgencyOf(first.delivery.kind);
  const leave = await gate.enter({ address: lane, rank, ward: wardOf(first) });
  if (leave === null) return;
  try {
    // Something more urgent may have become owed meanwhile.
    const head = await parts.store.readLaneHead(lane);
    const hold = (ms: number): void => gate.hold(lane, ms);
    if (head !== null && !head.isHeld && !deps.isStopped())
      await attempt({ parts, transport, hold, told, stopping }, head);
  } finally {
    leave();
  }
}

function wardOf({ failing, isProven }: LaneHead): Ward {
  if (failing !== null) return 'failing';
  return isProven ? 'living' : 'new';
}
