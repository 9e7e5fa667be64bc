import { text } from 'node:stream/consumers';
import { postToSocket } from '../../lib/net/post-to-socket.ts';
import type { RunEnd, Runner } from '../run/order.ts';

/** Above what the host itself grants a hook. */
const BEYOND_MS = 1_000;

/** Runs hooks where the program behind this socket runs, with its rights. That it is away is a failure of the hook. */
export function createHostClient(socketPath: string): Runner {
  return {
    async run(order, signal) {
      const late = AbortSignal.timeout(order.timeoutMs + BEYOND_MS);
      try {
        const answered = await postToSocket(socketPath, '/run', order, AbortSignal.any([signal, late]));
        return JSON.parse(await text(answered)) as RunEnd;
      } catch (error) {
        signal.throwIfAborted();
        const what = late.aborted ? 'no answer in time' : ((error as NodeJS.ErrnoException).code ?? 'no answer');
        return { kind: 'failed', why: `could not be handed to the user of hooks (${what})`, complaint: '' };
      }
    },
    warm(order) {
      // Only sooner than it would be anyway.
      postToSocket(socketPath, '/warm', order, AbortSignal.timeout(BEYOND_MS)).then(
        (answered) => answered.resume(),
        () => {},
      );
    },
    close: async () => {},
  };
}
