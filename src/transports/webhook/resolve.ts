import { lookup, Resolver } from 'node:dns/promises';

/** The IP addresses of a host. Gives up when the signal aborts. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

export interface ResolveOptions {
  /** Other name servers than those of the system. */
  readonly servers?: readonly string[];
  readonly timeoutMs?: number;
  /** The system's own way. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

const TIMEOUT_MS = 2_000;
const TRIES = 2;

/** Asks the name servers directly: the system's own way holds one of four threads for as long as a dead name server is
 *  silent, and everybody's files wait behind it. What no name server knows, as a name in /etc/hosts, is asked that way,
 *  but not where they took long to say so: it would take as long again. */
export function createResolve({
  servers,
  timeoutMs = TIMEOUT_MS,
  lookUp = lookUpInSystem,
}: ResolveOptions = {}): Resolve {
  return async (host, signal) => {
    if (/(?:^|\.)localhost\.?$/.test(host)) return lookUp(host);
    const resolver = new Resolver({ timeout: timeoutMs, tries: TRIES });
    if (servers !== undefined) resolver.setServers(servers);
    const askedAt = performance.now();
    const answers = await askBoth(resolver, host, signal);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    const refusal = answers.find((answer) => answer.status === 'rejected');
    if (refusal !== undefined && performance.now() - askedAt > timeoutMs / 2) throw refusal.reason;
    return lookUp(host);
  };
}

/** For addresses of IPv4 and of IPv6. */
async function askBoth(
  resolver: Resolver,
  host: string,
  signal: AbortSignal,
): Promise<readonly PromiseSettledResult<readonly string[]>[]> {
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  signal.removeEventListener('abort', cancel);
  signal.throwIfAborted();
  return answers;
}

async function lookUpInSystem(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
