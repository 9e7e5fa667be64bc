import type { HookPayload } from '../hooks/hook-payload.ts';

/** Which prompts stand behind a turn that runs. Newer versions of the CLI report a prompt in the moment in which it is
 *  queued, with the id of the turn that runs; when it runs itself, with an id of its own, no report tells of it. */
export interface PromptQueue {
  hear(payload: HookPayload): void;
  /** Of the last turns, as their hooks named them. */
  readonly turns: readonly string[];
  /** The last prompt that was reported stands behind a turn that runs. */
  readonly isQueued: boolean;
  /** It was let through: it runs in that turn, or behind it. */
  follow(): void;
  /** A turn runs, or is about to, whose prompt was reported before the end of the last one. */
  readonly isFollowed: boolean;
}

/** Hooks of a turn come long before so many others have begun. */
const TURNS_KEPT = 50;

export function createPromptQueue(): PromptQueue {
  let turns: readonly string[] = [];
  let isQueued = false;
  let isFollowing = false;
  let isFollowed = false;

  return {
    hear({ hook_event_name: event, prompt_id: id }) {
      const isKnown = id !== null && turns.includes(id);
      if (event === 'UserPromptSubmit') {
        isQueued = isKnown || isFollowed;
        isFollowed = false;
      } else if (event === 'Stop' || event === 'StopFailure') {
        isFollowed = isFollowing;
        isFollowing = false;
      }
      if (id !== null && !isKnown) turns = [...turns.slice(1 - TURNS_KEPT), id];
    },
    get turns() {
      return turns;
    },
    get isQueued() {
      return isQueued;
    },
    follow: () => void (isFollowing = isQueued),
    get isFollowed() {
      return isFollowed;
    },
  };
}
