/** Why the gateway stopped a turn. The first cause wins. `let_go`: the process ends, the turn goes on in tmux. */
export type StopCause = 'cancelled' | 'deadline' | 'session_deleted' | 'let_go' | 'not_owner';

/** Whether a turn is to be stopped, and why. */
export interface Stopping {
  stop(cause: StopCause): void;
  cause(): StopCause | null;
  /** Aborts when the agent is to be interrupted. */
  readonly signal: AbortSignal;
  /** Resolves when the turn is let go. */
  readonly letGo: Promise<void>;
}

export function createStopping(): Stopping {
  const stopping = new AbortController();
  const letGo = Promise.withResolvers<void>();
  let cause: StopCause | null = null;

  return {
    stop(why) {
      cause ??= why;
      // A turn that is let go is not interrupted: the agent works on, and the next process finds it.
      if (cause === 'let_go') letGo.resolve();
      else stopping.abort();
    },
    cause: () => cause,
    signal: stopping.signal,
    letGo: letGo.promise,
  };
}
