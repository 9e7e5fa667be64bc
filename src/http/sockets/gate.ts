import type { Source } from './socket-output.ts';

/** A source that is asked for each piece. */
export interface Gate extends Source {
  /** Resolves while the client takes what is sent. */
  opened(): Promise<void>;
}

export function createGate(): Gate {
  let closed: PromiseWithResolvers<void> | null = null;
  return {
    pause() {
      closed ??= Promise.withResolvers();
    },
    resume() {
      closed?.resolve();
      closed = null;
    },
    opened: async () => closed?.promise,
  };
}
