import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { hostOf } from './address.ts';
import type { Networks } from './networks.ts';
import type { Resolve } from './resolve.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
}

/** Where a name leads, and where one may go. */
export interface Reach {
  readonly networks: Networks;
  readonly resolve: Resolve;
}

/** No address of this host may be reached. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** What the body of an answer may still take after its head: nobody reads it. */
const BODY_MAX_BYTES = 65_536;
const BODY_MAX_MS = 2_000;

/** One POST on a connection of its own, to an address that was checked after it was resolved, and to no other: a name
 *  that leads elsewhere by then, or a redirect, leads nowhere. Resolves with the head of the answer.
 *  @throws ForbiddenAddressError; what the network says; the reason of the signal. */
export function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  reach: Reach,
  signal: AbortSignal,
): Promise<Answer> {
  const isPlain = url.protocol === 'http:';
  const host = hostOf(url);
  if (isIP(host) !== 0 && !reach.networks.mayReach(host, isPlain)) return Promise.reject(forbidden(host));
  const { promise, resolve: answer, reject } = Promise.withResolvers<Answer>();
  const request = (isPlain ? http : https).request(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': body.length },
    agent: false,
    lookup: createLookup(reach, isPlain, signal),
    signal,
  });
  request.once('response', (response) => {
    answer({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null });
    letOut(response);
  });
  // Also behind the answer: what its body meets matters to nobody.
  request.on('error', reject);
  request.end(body);
  return promise;
}

/** Hands on only what may be reached. */
function createLookup({ networks, resolve }: Reach, isPlain: boolean, signal: AbortSignal): LookupFunction {
  return (host, { all }, done) => {
    resolve(host, signal).then(
      (found) => {
        const allowed = found
          .filter((address) => networks.mayReach(address, isPlain))
          .map((address) => ({ address, family: isIP(address) }));
        const [first] = allowed;
        if (first === undefined) done(forbidden(host), '');
        else if (all === true) done(null, allowed);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, ''),
    );
  };
}

function forbidden(host: string): ForbiddenAddressError {
  return new ForbiddenAddressError(`${host} leads into a network that webhooks may not reach`);
}

function letOut(response: http.IncomingMessage): void {
  let bytes = 0;
  // Of all of it: one that drips is never idle.
  const late = setTimeout(() => response.destroy(), BODY_MAX_MS);
  response.once('close', () => clearTimeout(late));
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) response.destroy();
  });
  response.on('error', () => {});
}
