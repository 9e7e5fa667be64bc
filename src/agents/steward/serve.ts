import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnSocket } from '../../lib/net/socket-server.ts';
import type { AgentSide } from './agent-side.ts';
import { createOperations, type Operations } from './operations.ts';
import { toProblem } from './problem.ts';
import { carryTerminal } from './terminal-stream.ts';

export interface StewardServer {
  close(): Promise<void>;
}

/** Serves the agents' side on a Unix socket, to its own user and to the socket's group. Whoever may use the socket is
 *  trusted: an agent that does gets no right that it has not anyway. */
export async function serveSteward(side: AgentSide, socketPath: string): Promise<StewardServer> {
  const operations = createOperations(side);
  const server = createServer((request, response) => {
    answer(operations, request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, stream) => void carryTerminal(side, request, stream));
  // An agent may have put something in its place.
  const close = await listenOnSocket(server, { path: socketPath, variable: 'STEWARD_SOCKET', takesOver: true });
  return { close };
}

async function answer(operations: Operations, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const name = (request.url ?? '').slice(1);
    if (!isOperation(operations, name)) throw new Error(`the steward knows no ${name}`);
    // The gateway is of the same version, and says what it means.
    const operate = operations[name] as (call: unknown, signal: AbortSignal) => Promise<unknown>;
    const result = await operate(JSON.parse(await text(request)), gone.signal);
    reply(response, 200, result ?? null);
  } catch (error) {
    reply(response, 500, toProblem(error));
  }
}

function isOperation(operations: Operations, name: string): name is keyof Operations {
  return Object.hasOwn(operations, name);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  if (!response.destroyed) response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}
