import { GatewayError } from '../core/model/errors.ts';
import type { Transport } from '../core/ports/transport.ts';
import { toCode } from '../lib/error-code.ts';
import type { ResponseFiles } from './response-files.ts';

const PREFIX = 'file:';
const RETRY_MS = 5_000;
const CONCURRENCY = 4;

/** Delivers answers as response files, `file:<name>`. A repeat finds its file, so it does no harm. */
export function createFileTransport({ write }: Pick<ResponseFiles, 'write'>): Transport {
  return {
    name: 'file',
    example: null,
    policy: { retryMs: [RETRY_MS], timeoutMs: 60_000, concurrency: CONCURRENCY, pauseAfterMs: Infinity, budgets: [] },
    parseAddress(_address, field) {
      throw new GatewayError('invalid_field', `${field}: response files are for the tasks of TASKS_DIR`, { field });
    },
    async deliver({ to, request }, signal) {
      if (request === null) return { kind: 'refused', error: 'there is no such request' };
      try {
        await Promise.race([write(to.slice(PREFIX.length), request), untilAborted(signal)]);
        return { kind: 'sent' };
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'retry', error: `the response file cannot be written (${toCode(error)})` };
      }
    },
  };
}

/** A folder on a dead network disk answers never. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
