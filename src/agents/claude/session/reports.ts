import type { HookPayload } from '../hooks/hook-payload.ts';

/** How this process came to a session. `deaf`: adopted, and its agent reports to a port on which nobody listens any more. */
export type SessionOrigin = 'started' | 'resumed' | 'adopted' | 'deaf';

/** What the agent hooks of a session tell beyond its turns. */
export interface Reports {
  hear(payload: HookPayload): void;
  /** Of tasks that run in the background: those of an earlier turn do not hold a later one. */
  readonly backgroundTasks: ReadonlySet<string>;
  /** Of the last prompts that were reported. */
  readonly promptIds: readonly string[];
  /** A prompt was reported, and no end of its turn. */
  readonly isPrompted: boolean;
  /** The agent was resumed, and no prompt has been reported since. */
  readonly isUnasked: boolean;
  /** The agent told the end of our last turn a moment ago, and nothing but us can have begun another one. */
  readonly isSettling: boolean;
  /** The agent told the end of our turn at this moment; the next prompt takes it back. */
  settle(): void;
  /** The turn is over, whether its end was reported or not. */
  turnOver(): void;
}

/** The transcript lags behind by less than so many prompts. */
const PROMPTS_KEPT = 50;
const SETTLE_MAX_MS = 500;

export function createReports(origin: SessionOrigin): Reports {
  let backgroundTasks: ReadonlySet<string> = new Set();
  let promptIds: readonly string[] = [];
  let isPrompted = false;
  let isUnasked = origin === 'resumed';
  let stoppedAt = -Infinity;

  function hearPrompt(promptId: string | null): void {
    isUnasked = false;
    isPrompted = true;
    stoppedAt = -Infinity;
    if (promptId !== null) promptIds = [...promptIds.slice(-PROMPTS_KEPT), promptId];
  }

  return {
    hear(payload) {
      switch (payload.hook_event_name) {
        case 'UserPromptSubmit':
          return hearPrompt(payload.prompt_id);
        case 'Stop':
          backgroundTasks = new Set(payload.background_tasks);
          isPrompted = false;
          return;
        case 'StopFailure':
          isPrompted = false;
          return;
      }
    },
    get backgroundTasks() {
      return backgroundTasks;
    },
    get promptIds() {
      return promptIds;
    },
    get isPrompted() {
      return isPrompted;
    },
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
