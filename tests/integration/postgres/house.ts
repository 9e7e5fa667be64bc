import { afterAll, beforeAll } from '@jest/globals';
import type { Store } from '../../../src/core/ports/store.ts';
import { openPostgresStore, type PostgresStoreOptions } from '../../../src/store/postgres/open.ts';
import { type PostgresServer, type ServerOptions, startPostgres } from '../../helpers/postgres/server.ts';

/** A server for the tests of a file, with a database for each that asks. */
export interface PostgresHouse {
  readonly server: () => PostgresServer;
  /** Of a new, empty database. */
  readonly createDatabase: () => Promise<string>;
  /** Before the server is stopped. */
  readonly defer: (close: () => Promise<void>) => void;
}

export function usePostgres(options: ServerOptions = {}): PostgresHouse {
  let server: PostgresServer | null = null;
  let made = 0;
  const closers: (() => Promise<void>)[] = [];
  const started = (): PostgresServer => {
    if (server === null) throw new Error('the server runs only during the tests');
    return server;
  };
  beforeAll(async () => {
    server = await startPostgres(options);
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await server?.[Symbol.asyncDispose]();
  });
  return {
    server: started,
    createDatabase: () => started().createDatabase(`db${(made += 1)}`),
    defer: (close) => void closers.push(close),
  };
}

/** Closed at the end of the block. */
export async function open(options: Omit<PostgresStoreOptions, 'poolMax'>): Promise<Store & AsyncDisposable> {
  const store = await openPostgresStore({ poolMax: 4, ...options });
  return { ...store, [Symbol.asyncDispose]: () => store.close() };
}
