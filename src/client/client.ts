import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.ts';
import type { Door } from './door.ts';
import { followLog, type LogFilter } from './follow-log.ts';
import { followRequest } from './follow-request.ts';
import { openTerminal, type TerminalHandlers, type TerminalConnection, type TerminalWish } from './open-terminal.ts';

export type { components, paths } from './api.ts';
export type Schemas = components['schemas'];
export type { Door } from './door.ts';
export { RefusedError } from './reconnect.ts';
export type { LogFilter } from './follow-log.ts';
export type { TerminalConnection, TerminalHandlers, TerminalWish } from './open-terminal.ts';

/** A client of the HTTP API: `GET`, `POST` and `DELETE` by openapi-fetch, typed by `openapi.yaml`, and what streams. */
export interface GatehouseClient extends Pick<Client<paths>, 'GET' | 'POST' | 'DELETE'> {
  /** The events of one request behind `after`, to its end. Comes again by itself when it is cut off, and rejects when
   *  nobody answers for a minute. */
  followRequest(requestId: string, signal: AbortSignal, after?: number): AsyncGenerator<Schemas['Event'], void, void>;
  /** The events of all requests, or those that fit, behind a place in the log, without an end. Comes again likewise. */
  followLog(filter: LogFilter, signal: AbortSignal): AsyncGenerator<Schemas['Event'], void, void>;
  /** The terminal of a session, once: who is cut off opens another. */
  openTerminal(wish: TerminalWish, handlers: TerminalHandlers): TerminalConnection;
}

export function createGatehouseClient(door: Door): GatehouseClient {
  const headers = door.key === null ? {} : { 'X-API-Key': door.key };
  const { GET, POST, DELETE } = createClient<paths>({ baseUrl: door.url, headers });
  return {
    ...{ GET, POST, DELETE },
    followRequest: (requestId, signal, after = 0) => followRequest(door, requestId, after, signal),
    followLog: (filter, signal) => followLog(door, filter, signal),
    openTerminal: (wish, handlers) => openTerminal(door, wish, handlers),
  };
}
