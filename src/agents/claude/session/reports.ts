import type { HookPayload } from '../hooks/hook-payload.ts';
import { createPromptQueue } from './prompt-queue.ts';

/** How this process came to a session. `deaf`: adopted, and its agent reports to a port on which nobody listens any more. */
export type SessionOrigin = 'started' | 'resumed' | 'adopted' | 'deaf';

/** What the agent hooks of a session tell beyond its turns. */
export interface Reports {
  hear(payload: HookPayload): void;
  /** Of tasks that run in the background: those of an earlier turn do not hold a later one. */
  readonly backgroundTasks: ReadonlySet<string>;
  /** Of the last turns. */
  readonly promptIds: readonly string[];
  /** A prompt was reported, and no end of its turn. */
  readonly isPrompted: boolean;
  /** The prompt that was reported last stands behind a turn that runs. */
  readonly isQueued: boolean;
  /** That prompt was let through. */
  letThrough(): void;
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
  let backgroundTasks: ReadonlySet<string> = new Set();
  const queue = createPromptQueue();
  let isPrompted = false;
  let isUnasked = origin === 'resumed';
  let stoppedAt = -Infinity;

  function hearPrompt(): void {
    isUnasked = false;
    isPrompted = true;
    stoppedAt = -Infinity;
  }

  return {
    hear(payload) {
      queue.hear(payload);
      switch (payload.hook_event_name) {
        case 'UserPromptSubmit':
          return hearPrompt();
        case 'Stop':
          backgroundTasks = new Set(payload.background_tasks);
          isPrompted = queue.isFollowed;
          return;
        case 'StopFailure':
          isPrompted = queue.isFollowed;
          return;
      }
    },
    get backgroundTasks() {
      return backgroundTasks;
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
    letThrough: () => queue.follow(),
    get isUnasked() {
      return isUnasked;
    },
    get isSettling() {
      return performance.now() - stoppedAt < SETTLE_MAX_MS && backgroundTasks.size === 0;
    },
    settle: () => void (stoppedAt = performance.now()),
    turnOver: () => void (isPrompted = false),
  };
}
