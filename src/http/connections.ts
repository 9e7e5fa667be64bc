import type { Socket } from 'node:net';
import type { App } from './app.ts';

/** Answers under way have this long when the server closes. */
const CLOSE_GRACE_MS = 2_000;

/** Lets a server close without waiting for clients that keep a connection for later. */
export function trackConnections(app: App, closing: AbortSignal): { close(): Promise<void> } {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // What is answered while the server closes tells its client not to use the connection again.
  app.addHook('onSend', async (_request, reply) => {
    if (closing.aborted) reply.header('connection', 'close');
  });
  return {
    close: async () => {
      const deadline = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
      // Browsers open connections in advance; Node does not count one as idle before its first request.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      try {
        await app.close();
      } finally {
        clearTimeout(deadline);
      }
    },
  };
}
