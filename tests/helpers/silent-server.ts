import { createServer, type AddressInfo, type Socket } from 'node:net';
import { until } from './until.ts';

/** Takes connections, and never says a word. */
export interface SilentServer extends AsyncDisposable {
  /** Of a repository there. */
  readonly url: string;
  /** Resolves when somebody asks it. */
  asked(): Promise<unknown>;
}

export async function openSilentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`,
    asked: () => until(() => sockets.size > 0),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
