import type { Door } from './door.ts';
import { refuse } from './reconnect.ts';

/** WebSockets of Node take headers; those of browsers do not, and get the key as a subprotocol. */
export function openSocket({ url, key }: Door, path: string, query: URLSearchParams, protocol: string): WebSocket {
  const address = new URL(`${url.replace(/^http/, 'ws')}${path}`);
  address.search = query.toString();
  const offered = key === null ? [protocol] : [protocol, `gatehouse.key.${toBase64Url(key)}`];
  return new WebSocket(address, offered);
}

function toBase64Url(key: string): string {
  return btoa(key).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Why an upgrade was refused, which a WebSocket is not told: a plain GET of the same address is. Null: nobody answers,
 *  or nothing refuses. */
export async function findRefusal(
  { url, key }: Door,
  path: string,
  query: URLSearchParams,
  gone?: AbortSignal,
): Promise<Error | null> {
  const headers = key === null ? {} : { 'X-API-Key': key };
  const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_MAX_MS), ...(gone === undefined ? [] : [gone])]);
  const response = await fetch(`${url}${path}?${query.toString()}`, { headers, signal }).catch(() => null);
  if (response === null || response.status === UPGRADE_REQUIRED) return null;
  return refuse(response).catch((error: Error) => error);
}

const UPGRADE_REQUIRED = 426;
const ANSWER_MAX_MS = 10_000;
