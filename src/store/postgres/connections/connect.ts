import { hostname } from 'node:os';
import { Client, type ClientConfig, types } from 'pg';

const CONNECT_MS = 5_000;
/** A query takes milliseconds: one that takes so long waits for a server that is gone, or that hangs. */
const QUERY_MS = 30_000;

const INT8 = 20;
const NUMERIC = 1_700;

/** Sums are `numeric`. All our numbers are exact in JavaScript. */
const parsers: ClientConfig['types'] = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC ? Number : types.getTypeParser(oid, format),
};

export function toClientConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    // What Postgres tells of who is connected; it cuts it at 63 bytes.
    application_name: `gatehouse ${process.pid} on ${hostname()}`,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    keepAlive: true,
    types: parsers,
    pipeline: true,
  };
}

/** A connection that is open. What befalls it later is told to `lost`, once. */
export async function connect(url: string, lost: (client: Client, cause: unknown) => void): Promise<Client> {
  const client = new Client(toClientConfig(url));
  let isOpen = false;
  const tell = (cause: unknown): void => {
    if (!isOpen) return;
    isOpen = false;
    lost(client, cause);
  };
  client.on('error', tell);
  client.on('end', () => tell(new Error('the connection was closed')));
  await client.connect();
  isOpen = true;
  return client;
}
