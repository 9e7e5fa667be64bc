import { afterAll, beforeAll } from '@jest/globals';
import { type KeptDatabase, keepDatabase } from '../helpers/postgres/kept.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres/server.ts';
import type { OpenStore, StorePlace } from './store-fixtures.ts';
import { describeStore } from './store.contract.ts';

let server: PostgresServer;
let database: KeptDatabase;

beforeAll(async () => {
  server = await startPostgres();
  database = await keepDatabase(server, 'contract');
});

afterAll(async () => {
  await database.close();
  await server[Symbol.asyncDispose]();
});

const open: OpenStore = Object.assign((place: StorePlace) => database.open(place), {
  done: (store: Parameters<KeptDatabase['done']>[0]) => database.done(store),
});

describeStore('the Postgres store', open, 0.1);
