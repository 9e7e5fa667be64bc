import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { RunEnd, Runner, RunOrder } from '../run/order.ts';

/** Above what the host itself grants a hook. */
const BEYOND_MS = 1_000;

/** Runs hooks where the program behind this socket runs, with its rights. That it is away is a failure of the hook. */
export function createHostClient(socketPath: string): Runner {
  return {
    async run(order, signal) {
      const late = AbortSignal.timeout(order.timeoutMs + BEYOND_MS);
      try {
        const answered = await post(socketPath, '/run', order, AbortSignal.any([signal, late]));
        return JSON.parse(await text(answered)) as RunEnd;
      } catch (error) {
        signal.throwIfAborted();
        const code = (error as NodeJS.ErrnoException).code ?? 'no answer';
        return { kind: 'failed', why: `could not be handed to the user of hooks (${code})`, complaint: '' };
      }
    },
    warm(order) {
      // Only sooner than it would be anyway.
      post(socketPath, '/warm', order, AbortSignal.timeout(BEYOND_MS)).then(
        (answered) => answered.resume(),
        () => {},
      );
    },
    close: async () => {},
  };
}

function post(
  socketPath: string,
  path: string,
  order: Partial<RunOrder>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, method: 'POST', agent: false, signal });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(order));
  });
}
