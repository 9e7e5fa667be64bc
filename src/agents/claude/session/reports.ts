import type { HookPayload, SessionCron } from '../hooks/hook-payload.ts';
import { createPromptQueue } from './prompt-queue.ts';

/** How this process came to a session. `deaf`: adopted, and its agent reports to a port on which nobody listens any more. */
export type SessionOrigin = 'started' | 'resumed' | 'adopted' | 'deaf';

/** What the agent hooks of a session tell beyond its turns. */
export interface Reports {
  hear(payload: HookPayload): void;
  /** Of tasks that run in the background: those of an earlier turn do not hold a later one. Null as long as nobody told. */
  readonly backgroundTasks: ReadonlySet<string> | null;
  /** What the agent will be asked when its time comes. Null as long as nobody told. */
  readonly scheduled: readonly SessionCron[] | null;
  /** Of the last turns. */
  readonly promptIds: readonly string[];
  /** A prompt was reported, and no end of its turn. */
  readonly isPrompted: boolean;
  /** The prompt that was reported last stands behind a turn that runs. */
  readonly isQueued: boolean;
  /** That prompt was let through. */
  letThrough(): void;
  /** When one was let through last, or the agent was started (epoch milliseconds): a person may have typed since what is
   *  reported now. 0 when nobody knows. */
  readonly promptedAt: number;
  /** The agent was resumed, and no prompt has been reported since. */
  readonly isUnasked: boolean;
  /** The agent told the end of our last turn a moment ago, and nothing but us can have begun another one. */
  readonly isSettling: boolean;
  /** The agent told the end of our turn at this moment; the next prompt takes it back. */
  settle(): void;
  /** The turn is over, whether its end was reported or not. */
  turnOver(): void;
}

const SETTLE_MAX_MS = 500;

export function createReports(origin: SessionOrigin): Reports {
  const isNew = origin === 'started' || origin === 'resumed';
  // What an agent leaves behind ends with its program.
  let backgroundTasks: ReadonlySet<string> | null = isNew ? new Set() : null;
  let scheduled: readonly SessionCron[] | null = isNew ? [] : null;
  const queue = createPromptQueue();
  let isPrompted = false;
  let promptedAt = isNew ? Date.now() : 0;
  let isUnasked = origin === 'resumed';
  let stoppedAt = -Infinity;

  function hearPrompt(): void {
    [isUnasked, isPrompted, stoppedAt] = [false, true, -Infinity];
  }

  function hearStop(payload: HookPayload): void {
    backgroundTasks = new Set(payload.background_tasks);
    scheduled = payload.session_crons;
    isPrompted = queue.isFollowed;
  }

  return {
    hear(payload) {
      queue.hear(payload);
      if (payload.hook_event_name === 'UserPromptSubmit') hearPrompt();
      if (payload.hook_event_name === 'Stop') hearStop(payload);
      if (payload.hook_event_name === 'StopFailure') isPrompted = queue.isFollowed;
    },
    get backgroundTasks() {
      return backgroundTasks;
    },
    get scheduled() {
      return scheduled;
    },
    get promptIds() {
      return queue.turns;
    },
    get isPrompted() {
      return isPrompted;
    },
    get isQueued() {
      return queue.isQueued;
    },
    letThrough() {
      promptedAt = Date.now();
      queue.follow();
    },
    get promptedAt() {
      return promptedAt;
    },
    get isUnasked() {
      return isUnasked;
    },
    get isSettling() {
      return performance.now() - stoppedAt < SETTLE_MAX_MS && backgroundTasks?.size === 0;
    },
    settle: () => void (stoppedAt = performance.now()),
    turnOver: () => void (isPrompted = false),
  };
}
