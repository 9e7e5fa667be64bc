import type { FlowParts } from '../parts.ts';
import { createElapsed } from './elapsed.ts';
import { hurryLane, serveLane } from './lane.ts';
import { createLooks } from './looks.ts';
import { createPosts } from './posts.ts';
import { createRounds } from './rounds.ts';
import { createTurns, type Turns } from './turns.ts';
import { createWaits } from './pauses/waits.ts';

/** Delivers what is owed. Each address is a lane, served in order, one attempt at a time; lanes wait only for their own
 *  failures and for what they share: see `gate`. */
export interface Outbox extends Turns {
  /** What an earlier process left, and from now on all that becomes owed. */
  start(): void;
  /** Something of this lane may be due before its time, or is held no longer. */
  wake(lane: string): void;
  /** No attempt begins any more; those under way have a moment. Resolves when none runs. */
  stop(): Promise<void>;
}

export interface OutboxDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'log' | 'transports' | 'settings' | 'chance' | 'workspaceFiles'>;
}

/** When the store is asked again that failed. */
const STORE_RETRY_MS = 5_000;
/** Attempts under way at a stop. One that is cut off may have been taken, and is made again. */
const GRACE_MS = 2_000;

export function createOutbox({ parts }: OutboxDeps): Outbox {
  const { store, clock, log } = parts;
  const posts = createPosts(parts);
  const turns = createTurns(clock, posts);
  const stopping = new AbortController();
  let isStopped = false;
  let stopListening = (): void => {};
  let callOffLook = (): void => {};
  const elapsed = createElapsed(parts);
  const waits = createWaits(clock);
  const lane = { parts, posts, waits, told: elapsed.told, stopping: stopping.signal, isStopped: () => isStopped };
  const rounds = createRounds(clock, async (name) => {
    try {
      return await serveLane(lane, name);
    } catch (error) {
      log.error({ error: String(error) }, 'outbox.lane_failed');
      return STORE_RETRY_MS;
    }
  });
  const looks = createLooks(store, (lanes) => {
    // A lane that waits for its next attempt is not tried sooner for what comes behind.
    for (const name of lanes) if (!rounds.isWaiting(name)) rounds.begin(name);
    // A store that fails is told of by the rounds.
    for (const name of lanes) hurryLane(lane, name).catch(() => {});
  });

  function look(): void {
    if (isStopped) return;
    callOffLook();
    looks.look().catch((error: unknown) => {
      log.error({ error: String(error) }, 'outbox.not_looked_for');
      callOffLook();
      if (isStopped) return;
      callOffLook = clock.after(STORE_RETRY_MS, look);
    });
  }

  return {
    start() {
      stopListening = store.onAppended(look);
      look();
      elapsed.begin();
    },
    wake: (name) => rounds.begin(name),
    turn: (...to) => turns.turn(...to),
    async stop() {
      isStopped = true;
      stopListening();
      callOffLook();
      posts.close();
      await elapsed.stop();
      const callOff = clock.after(GRACE_MS, () => stopping.abort());
      await rounds.stop();
      callOff();
      stopping.abort();
    },
  };
}
