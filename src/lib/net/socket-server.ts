import { chmod, lstat, rm } from 'node:fs/promises';
import type { Server } from 'node:http';

export interface SocketPlace {
  readonly path: string;
  /** That names it, for who is to mend it. */
  readonly variable: string;
  /** What stands there goes, whatever it is: others may put something into its folder. Otherwise only a socket does. */
  readonly takesOver?: boolean;
}

/** Listens on a Unix socket, for its own user and the socket's group; returns what ends it with all its connections. One
 *  that was killed left its socket, which goes.
 *  @throws Error that names the variable when something else stands there. */
export async function listenOnSocket(
  server: Server,
  { path, variable, takesOver = false }: SocketPlace,
): Promise<() => Promise<void>> {
  if (!takesOver && !(await isFree(path))) throw new Error(`${variable}: ${path} is not a socket`);
  await rm(path, { force: true, recursive: takesOver });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o660);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

async function isFree(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found === null || found.isSocket();
}
