import type { RequestEnd } from '../../model/request.ts';
import type { FlowParts } from '../parts.ts';
import type { Ended } from '../requests/ends.ts';
import type { Lanes } from './lanes/lanes.ts';

/** Ends what has waited for its turn too long. */
export interface QueueTimeouts {
  /** Ends what is overdue, and sets the timer for the next. Never rejects. */
  look(): Promise<void>;
  /** A request waits that was accepted at this instant. */
  note(acceptedAt: number): void;
  stop(): Promise<void>;
}

const LOOK_AGAIN_MS = 1_000;

export interface QueueTimeoutsDeps {
  readonly parts: FlowParts;
  readonly lanes: Pick<Lanes, 'kick'>;
  readonly ended: Ended;
}

/** One timer, for the request that has waited longest; that it was claimed meanwhile is found when the timer fires. */
export function createQueueTimeouts({ parts, lanes, ended }: QueueTimeoutsDeps): QueueTimeouts {
  const { store, clock, log } = parts;
  const { queueTimeoutMs } = parts.settings;
  const end = toTimedOut(queueTimeoutMs);
  let timer: { readonly at: number; readonly callOff: () => void } | null = null;
  let looking: Promise<void> = Promise.resolve();
  let isStopped = false;

  function setTimer(at: number): void {
    if (isStopped || (timer !== null && timer.at <= at)) return;
    timer?.callOff();
    timer = { at, callOff: clock.after(Math.max(0, at - clock.now()), () => void look()) };
  }

  function look(): Promise<void> {
    timer?.callOff();
    timer = null;
    looking = endOverdue().catch((error: unknown) => {
      log.error({ error: String(error) }, 'queue.look_failed');
      setTimer(clock.now() + LOOK_AGAIN_MS);
    });
    return looking;
  }

  async function endOverdue(): Promise<void> {
    const now = clock.now();
    for (const request of await store.endOverdue(now - queueTimeoutMs, end, now)) {
      log.info({ requestId: request.id, workspace: request.workspace }, 'request.timed_out');
      ended(request, end);
      lanes.kick(request.workspace, request.agent);
    }
    const oldest = await store.readOldestQueuedAt();
    if (oldest !== null) setTimer(oldest + queueTimeoutMs);
  }

  return {
    look,
    note: (acceptedAt) => setTimer(acceptedAt + queueTimeoutMs),
    async stop() {
      isStopped = true;
      timer?.callOff();
      await looking;
    },
  };
}

function toTimedOut(queueTimeoutMs: number): RequestEnd {
  return {
    state: 'timed_out',
    reason: 'queue_timeout',
    error:
      `No turn began within ${queueTimeoutMs} ms (QUEUE_TIMEOUT_MS). ` +
      'Send the request again when less is waiting, or with a higher priority.',
    text: null,
    usage: null,
  };
}
