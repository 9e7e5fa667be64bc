import { setTimeout as delay } from 'node:timers/promises';
import type { AskTmux } from './server/command.ts';
import { PANE_MARK } from './own-panes.ts';

export interface EndsParts {
  /** Resolves when some program has ended, or after a while without. Rejects when the signal aborts. */
  readonly nextEnd: (signal: AbortSignal) => Promise<unknown>;
  /** The sessions whose programs still run. */
  readonly listAlive: () => Promise<ReadonlySet<string>>;
}

/** One waiting for the ends of all sessions. */
export interface Ends {
  /** Resolves when the session may have ended; rejects when the signal aborts. */
  mayHaveEnded(session: string, signal: AbortSignal): Promise<void>;
}

const RETRY_MS = 100;

export function createEnds({ nextEnd, listAlive }: EndsParts): Ends {
  const waiting = new Map<() => void, string>();
  let watching: AbortController | null = null;

  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await nextEnd(signal);
        const alive = await listAlive();
        for (const [wake, session] of waiting) if (!alive.has(session)) wake();
      } catch {
        // A server that does not answer proves nothing; one that is gone has no session alive.
        if (!signal.aborted) await delay(RETRY_MS);
      }
    }
  }

  return {
    async mayHaveEnded(session, signal) {
      const woken = Promise.withResolvers<void>();
      const wake = (): void => woken.resolve();
      signal.addEventListener('abort', wake, { once: true });
      waiting.set(wake, session);
      if (watching === null) void watch((watching = new AbortController()).signal);
      try {
        if (!signal.aborted) await woken.promise;
        signal.throwIfAborted();
      } finally {
        signal.removeEventListener('abort', wake);
        waiting.delete(wake);
        if (waiting.size === 0) {
          watching?.abort();
          watching = null;
        }
      }
    },
  };
}

/** How they are heard of at this server. */
export function hearEnds(tmux: AskTmux): EndsParts {
  return {
    async nextEnd(signal) {
      const look = AbortSignal.timeout(LOOK_AGAIN_MS);
      const either = AbortSignal.any([signal, look]);
      await tmux(['wait-for', END_CHANNEL], { signal: either }).catch(() => {});
      signal.throwIfAborted();
    },

    async listAlive() {
      const format = `#{session_name} #{${PANE_MARK}}#{pane_dead}#{@gatehouse_exit}`;
      const { stdout } = await tmux(['list-panes', '-a', '-F', format]);
      return new Set([...stdout.matchAll(/^(\S+) 10$/gm)].map((found) => found[1] ?? ''));
    },
  };
}

/** Between two looks at a pane whose end nobody could signal, for the shell itself was killed. */
const LOOK_AGAIN_MS = 5_000;

/** Signalled by whatever ends, for all sessions. */
export const END_CHANNEL = 'gatehouse-end';
