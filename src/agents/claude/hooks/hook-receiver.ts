import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../../core/ports/log.ts';
import { parseHookPayload, type HookPayload } from './hook-payload.ts';

/** Returns what the agent is told; `{}` for nothing. It may take its time: the agent waits. `gone` aborts when the
 *  agent no longer does. */
export type HookListener = (payload: HookPayload, gone: AbortSignal) => object | Promise<object>;

/** The private loopback listener for agent hooks. Each live session has a token of its own. */
export interface HookReceiver {
  readonly port: number;
  /** Payloads that bear this token go to this listener; the returned function ends it. */
  register(token: string, listener: HookListener): () => void;
  /** Rejects when an agent could not reach it. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** A payload carries whole tool results and answers; one over this is refused. */
const PAYLOAD_MAX_BYTES = 32 * 1024 * 1024;
/** Of payloads that come at the same time. */
const PAYLOADS_MAX_BYTES = 2 * PAYLOAD_MAX_BYTES;
/** Each live agent has one or a few. */
const CONNECTIONS_MAX = 1_000;

export async function openHookReceiver(port: number, log: Log, reusePort = false): Promise<HookReceiver> {
  const budget = { left: PAYLOADS_MAX_BYTES };
  const listeners = new Map<string, { readonly digest: Buffer; readonly listener: HookListener }>();

  function find(request: IncomingMessage): HookListener | null {
    const header = request.headers.authorization ?? '';
    const digest = sha256(header.replace(/^Bearer /, ''));
    let found: HookListener | null = null;
    for (const entry of listeners.values()) {
      if (timingSafeEqual(entry.digest, digest)) found = entry.listener;
    }
    return found;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const listener = find(request);
    if (request.method !== 'POST' || listener === null) {
      request.resume();
      response.writeHead(listener === null ? 401 : 405).end();
      return;
    }
    const body = await readBody(request, budget);
    if (body === null) {
      response.writeHead(413).end();
      return;
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const reply = await listener(parseHookPayload(JSON.parse(body)), gone.signal);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'agent_hook.unreadable');
      if (!response.headersSent) response.writeHead(400).end();
    });
  });
  await listen(server, port, reusePort);
  server.maxConnections = CONNECTIONS_MAX;
  server.unref();

  return {
    port: (server.address() as AddressInfo).port,
    register(token, listener) {
      listeners.set(token, { digest: sha256(token), listener });
      return () => listeners.delete(token);
    },
    async check() {
      const { port: own } = server.address() as AddressInfo;
      // Without a token it refuses, and so proves that it answers.
      const { status } = await fetch(`http://127.0.0.1:${own}/`, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
      if (status !== 401) throw new Error(`the hook listener answers ${status}`);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number, reusePort: boolean): Promise<void> {
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

/** Null when it is too large, or too much comes at once. */
async function readBody(request: IncomingMessage, budget: { left: number }): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      budget.left -= chunk.length;
      if (bytes > PAYLOAD_MAX_BYTES || budget.left < 0) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  } finally {
    budget.left += bytes;
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
