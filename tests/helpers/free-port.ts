import { createServer } from 'node:net';

/** Below the ports that the kernel gives to outgoing connections, so that a port stays free while its gateway is
 *  between two lives. */
const FIRST = 20_000;
const LAST = 31_999;

let next = FIRST + ((process.pid * 97) % (LAST - FIRST));

/** A port on loopback that nobody listens on, and that this process does not hand out soon again. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    next = next >= LAST ? FIRST : next + 1;
    if (await isFree(next)) return next;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
