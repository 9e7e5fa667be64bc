import { BlockList, isIPv6, type Socket } from 'node:net';
import type { App } from '../answers/app.ts';

/** Answers under way have this long when the server closes. */
const CLOSE_GRACE_MS = 2_000;

/** Together, and of one address that is no trusted proxy's: whoever opens more is cut off, and not everybody. */
const CONNECTIONS_MAX = 10_000;
export const PER_ADDRESS_MAX = 2_500;

export interface ConnectionLimits {
  /** Addresses and networks of proxies, which have as many as they need. */
  readonly trustedProxies?: readonly string[];
  readonly perAddressMax?: number;
}

/** Bounds connections, and lets a server close without waiting for clients that keep a connection for later. */
export function trackConnections(
  app: App,
  closing: AbortSignal,
  { trustedProxies = [], perAddressMax = PER_ADDRESS_MAX }: ConnectionLimits = {},
): { close(): Promise<void> } {
  const proxies = toList(trustedProxies);
  const sockets = new Set<Socket>();
  const byAddress = new Map<string, number>();
  app.server.maxConnections = CONNECTIONS_MAX;
  app.server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (byAddress.get(address) ?? 0) + 1;
    byAddress.set(address, count);
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left === 0) byAddress.delete(address);
      else byAddress.set(address, left);
    });
    if (count > perAddressMax && !isIn(proxies, address)) socket.destroy();
  });
  // What is answered while the server closes tells its client not to use the connection again.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing.aborted) reply.header('connection', 'close');
    done();
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

function toList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
