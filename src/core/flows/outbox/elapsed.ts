import { hasEnded } from '../../model/request.ts';
import type { DueDelivery } from '../../ports/transport.ts';
import type { FlowParts } from '../parts.ts';
import { createTimers } from '../timers.ts';

/** In the thread of a running turn time goes on: what was told of it last is told again, the more seldom the longer it
 *  runs. */
export interface Elapsed {
  /** Goes on with what an earlier process told. */
  begin(): void;
  /** This has just been told. */
  told(delivery: DueDelivery): void;
  /** Resolves when nothing is under way. */
  stop(): Promise<void>;
}

/** A part of the time that a turn has taken, within bounds. */
const PART = 1 / 6;
const LEAST_MS = 15_000;
const MOST_MS = 60_000;
const STORE_RETRY_MS = 5_000;

export function createElapsed({ store, clock, log }: Pick<FlowParts, 'store' | 'clock' | 'log'>): Elapsed {
  const timers = createTimers(clock);
  const underWay = new Set<Promise<void>>();
  let isStopped = false;

  async function retell(requestId: string | null): Promise<void> {
    try {
      await store.retellProgress(requestId, clock.now());
    } catch (error) {
      log.warn({ requestId, error: String(error) }, 'progress.not_retold');
      if (!isStopped) timers.set(requestId ?? '', STORE_RETRY_MS, () => begin(requestId));
    }
  }

  function begin(requestId: string | null): void {
    const done = retell(requestId).finally(() => underWay.delete(done));
    underWay.add(done);
  }

  return {
    begin: () => begin(null),
    told({ kind, request }) {
      if (isStopped || kind !== 'progress' || request === null) return;
      const { id, state, startedAt } = request;
      if (startedAt === null || hasEnded(state)) return;
      const ms = Math.min(MOST_MS, Math.max(LEAST_MS, (clock.now() - startedAt) * PART));
      timers.set(id, ms, () => begin(id));
    },
    async stop() {
      isStopped = true;
      timers.callOffAll();
      await Promise.all(underWay);
    },
  };
}
