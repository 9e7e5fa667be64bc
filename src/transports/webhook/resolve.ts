import { lookup, Resolver } from 'node:dns/promises';

/** The IP addresses of a host. Gives up when the signal aborts. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

const TIMEOUT_MS = 2_000;
const TRIES = 2;

/** Asks the name servers directly: the system's own way holds one of four threads for as long as a dead name server is
 *  silent, and everybody's files wait behind it. What no name server knows, as a name in /etc/hosts, is asked that way. */
export async function resolveHost(host: string, signal: AbortSignal): Promise<readonly string[]> {
  if (!/(?:^|\.)localhost\.?$/.test(host)) {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    signal.removeEventListener('abort', cancel);
    signal.throwIfAborted();
    const found = [four, six].flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
    if (found.length > 0) return found;
    const silent = [four, six].find((found) => found.status === 'rejected' && isSilence(found.reason));
    if (silent?.status === 'rejected') throw silent.reason;
  }
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function isSilence(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ETIMEOUT';
}
