import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../../core/ports/log.ts';
import { isLoopback } from '../../../lib/net/loopback.ts';
import { createBodyReader, type ReadBody } from './hook-body.ts';
import { createHookListeners, type HookListener, type HookListeners } from './hook-listeners.ts';
import { parseHookPayload } from './hook-payload.ts';

/** The private loopback listener for agent hooks. Each live session has a token of its own. */
export interface HookReceiver {
  readonly port: number;
  /** Payloads that bear this token go to this listener; the returned function ends it. */
  register(token: string, listener: HookListener): () => void;
  /** Rejects when an agent could not reach it. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Both ends are in this process, so a short one would tell how busy the machine is, and not whether agents are heard. */
const CHECK_TIMEOUT_MS = 10_000;
/** Each live agent has one or a few. */
const CONNECTIONS_MAX = 1_000;

export async function openHookReceiver(port: number, log: Log, reusePort = false): Promise<HookReceiver> {
  const listeners = createHookListeners();
  const readBody = createBodyReader();
  const server = createServer((request, response) => {
    response.setHeader('x-content-type-options', 'nosniff').setHeader('x-frame-options', 'DENY');
    answer(request, response, listeners, readBody).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'agent_hook.unreadable');
      if (!response.headersSent) response.writeHead(400).end();
    });
  });
  await listen(server, port, reusePort);
  server.maxConnections = CONNECTIONS_MAX;
  server.unref();
  return {
    port: portOf(server),
    register: (token, listener) => listeners.register(token, listener),
    check: () => check(server),
    close: () => close(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  listeners: HookListeners,
  readBody: ReadBody,
): Promise<void> {
  const { authorization = '', host = '', origin } = request.headers;
  // Agents call it by its address. Whoever comes as a page, or under another name, is no agent.
  if (origin !== undefined || !isLoopback(host)) {
    request.resume();
    response.writeHead(403).end();
    return;
  }
  const listener = listeners.find(authorization);
  if (request.method !== 'POST' || listener === null) {
    request.resume();
    response.writeHead(listener === null ? 401 : 405).end();
    return;
  }
  const body = await readBody(request);
  if (body === null) {
    response.writeHead(413).end();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const reply = await listener(parseHookPayload(JSON.parse(body)), gone.signal);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
}

function listen(server: Server, port: number, reusePort: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`AGENT_HOOK_PORT: port ${port} on 127.0.0.1 is taken: stop what uses it or choose another`)
          : error,
      );
    });
    server.listen({ port, host: '127.0.0.1', reusePort }, resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Without a token it refuses, and so proves that it answers. */
async function check(server: Server): Promise<void> {
  const url = `http://127.0.0.1:${portOf(server)}/`;
  const { status } = await fetch(url, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
  if (status !== 401) throw new Error(`the hook listener answers ${status}`);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
