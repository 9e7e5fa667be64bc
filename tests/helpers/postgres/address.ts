import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { PostgresServer } from './server.ts';

const SOCKET = '.s.PGSQL.5432';

/** The one address of several servers, as a name or a proxy in front of them would be. */
export interface Address extends AsyncDisposable {
  url(database: string): string;
  /** New connections go there from now on; the others are cut. */
  lead(to: PostgresServer): void;
}

export async function openAddress(first: PostgresServer): Promise<Address> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-address-'));
  const open = new Set<Socket>();
  let target = first;
  const server = createServer((client) => {
    const behind = connect(path.join(target.folder, SOCKET));
    for (const [one, other] of [[client, behind] as const, [behind, client] as const]) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(path.join(folder, SOCKET), resolve));
  return {
    url: (database) => first.url(database).replace(first.folder, folder),
    lead(to) {
      target = to;
      for (const socket of open) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
