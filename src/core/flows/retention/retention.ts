import type { Forgotten, RetentionPlace, RetentionStep } from '../../ports/retention/retention-store.ts';
import type { FlowParts, FlowSettings, RetentionSettings } from '../parts.ts';

/** Forgets what is older than it has to be kept, or more than there is room for: the oldest first, in small steps. */
export interface Retention {
  /** Looks now, and then every hour, where anything is bounded. */
  begin(): void;
  /** Resolves when nothing is under way. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 3_600_000;
/** What ended just now is still asked for, however full the database is. */
const YOUNG_MS = 3_600_000;
/** Between two steps, as a multiple of what the last one took: callers get most of it. */
const REST = 2;
const REST_LEAST_MS = 10;

export type RetentionParts = Pick<FlowParts, 'store' | 'clock' | 'log'> & {
  readonly settings: RetentionSettings & Pick<FlowSettings, 'idempotencyTtlMs'>;
};

export function createRetention(parts: RetentionParts): Retention {
  const stop = Promise.withResolvers<void>();
  let isStopped = false;
  let callOff = (): void => {};
  let looking: Promise<void> = Promise.resolve();

  /** False when it is to stop. */
  async function rest(ms: number): Promise<boolean> {
    const over = Promise.withResolvers<void>();
    const off = parts.clock.after(ms, over.resolve);
    await Promise.race([over.promise, stop.promise]);
    off();
    return !isStopped;
  }

  function look(): void {
    looking = lookOnce(parts, rest)
      .catch((error: unknown) => parts.log.warn({ error: String(error) }, 'retention.failed'))
      .then(() => {
        if (!isStopped) callOff = parts.clock.after(LOOK_EVERY_MS, look);
      });
  }

  return {
    begin() {
      const { retentionMs, retentionMaxBytes } = parts.settings;
      if (retentionMs !== null || retentionMaxBytes !== null) look();
    },
    async stop() {
      isStopped = true;
      callOff();
      stop.resolve();
      await looking;
    },
  };
}

type Rest = (ms: number) => Promise<boolean>;

async function lookOnce(parts: RetentionParts, rest: Rest): Promise<void> {
  const { store, clock, log, settings } = parts;
  const { retentionMs, retentionMaxBytes } = settings;
  const begunAt = clock.now();
  const sum = createSum();
  const forgetBefore = async (endedBefore: number, isEnough: () => Promise<boolean>): Promise<boolean> => {
    const needed = (await store.readNeededSince()) ?? Infinity;
    const walk = createWalk(parts, Math.min(endedBefore, needed));
    while (!(await isEnough())) {
      const { forgotten, isOver, tookMs } = await walk();
      sum.add(forgotten);
      if (isOver || !(await rest(Math.max(REST_LEAST_MS, tookMs * REST)))) return false;
    }
    return true;
  };
  if (retentionMs !== null) await forgetBefore(begunAt - retentionMs, async () => false);
  if (retentionMaxBytes !== null) {
    const fits = async (): Promise<boolean> => (await store.readUsedBytes()) <= retentionMaxBytes;
    const isSmall = await forgetBefore(begunAt - YOUNG_MS, fits);
    if (!isSmall && !(await fits())) log.warn({ bytes: await store.readUsedBytes() }, 'retention.too_large');
  }
  if (sum.isSome()) log.info({ ...sum.read(), ms: clock.now() - begunAt }, 'retention.forgotten');
}

type TimedStep = RetentionStep & { readonly tookMs: number };

/** Each call is the next step. */
function createWalk({ store, clock, settings }: RetentionParts, endedBefore: number): () => Promise<TimedStep> {
  let place: RetentionPlace = { createdAt: 0, seq: 0, delivery: 0 };
  return async () => {
    const begunAt = clock.now();
    const step = await store.forget({ endedBefore, keysBefore: begunAt - settings.idempotencyTtlMs }, place);
    place = step.place;
    return { ...step, tookMs: clock.now() - begunAt };
  };
}

function createSum() {
  let sum: Forgotten = { requests: 0, events: 0, deliveries: 0, keys: 0 };
  return {
    add(more: Forgotten): void {
      sum = {
        requests: sum.requests + more.requests,
        events: sum.events + more.events,
        deliveries: sum.deliveries + more.deliveries,
        keys: sum.keys + more.keys,
      };
    },
    isSome: (): boolean => Object.values(sum).some((count) => count > 0),
    read: (): Forgotten => sum,
  };
}
