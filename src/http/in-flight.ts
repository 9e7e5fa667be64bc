import type { App } from './app.ts';

/** The requests that are being answered. */
export interface InFlight {
  /** Resolves when none is left. */
  none(): Promise<void>;
}

export function countInFlight(app: App): InFlight {
  const answering = new Set<unknown>();
  let wake: (() => void) | null = null;

  app.addHook('onRequest', (request, reply, done) => {
    answering.add(request);
    // `close` comes for an answer that was sent and for a client that went away.
    reply.raw.once('close', () => {
      answering.delete(request);
      if (answering.size === 0) wake?.();
    });
    done();
  });

  return {
    none: () =>
      new Promise((resolve) => {
        if (answering.size === 0) resolve();
        wake = resolve;
      }),
  };
}
