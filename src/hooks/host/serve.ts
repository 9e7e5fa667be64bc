import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnSocket } from '../../lib/net/socket-server.ts';
import type { Runner, RunOrder } from '../run/order.ts';

export interface HookHost {
  close(): Promise<void>;
}

/** Runs hooks for the gateway with the rights of this process, on a Unix socket for its own user and the socket's group. */
export async function serveHooks(runner: Runner, socketPath: string): Promise<HookHost> {
  const server = createServer((request, response) => {
    answer(runner, request, response).catch(() => response.destroy());
  });
  const close = await listenOnSocket(server, { path: socketPath, variable: 'HOOKS_SOCKET' });
  return {
    async close() {
      await runner.close();
      await close();
    },
  };
}

async function answer(runner: Runner, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // The gateway is of the same version, and says what it means.
  const order = JSON.parse(await text(request)) as RunOrder;
  if (request.url === '/warm') runner.warm(order);
  const end = request.url === '/warm' ? null : await runner.run(order, gone.signal);
  if (!response.destroyed) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(end));
}
