import type { Schemas } from '../../client/client.ts';
import { describeDetails } from '../shown/details.ts';
import { printTable } from '../shown/table.ts';
import type { Terminal } from '../terminal.ts';
import { connect, type Connection, type Remote } from './connection.ts';
import { describeEnd, readOutput } from './run.ts';

export interface Shown extends Remote {
  readonly json?: true;
}

/** Of a request: the state on the first line, the text below it. Without one: how the gateway is; 1 when it is not well. */
export async function status(requestId: string | undefined, options: Shown, terminal: Terminal): Promise<number> {
  const connection = await connect(options, terminal);
  if (requestId === undefined) return tellHealth(await readHealth(connection), options, terminal);
  const found = await connection.ask(connection.client.GET('/status/{requestId}', { params: { path: { requestId } } }));
  if (options.json) terminal.print(JSON.stringify(found));
  else await tellRequest(connection, found, terminal);
  return 0;
}

async function tellRequest(connection: Connection, found: Schemas['Status'], terminal: Terminal): Promise<void> {
  terminal.print(found.phase === null ? describeEnd(found) : `${found.state}, ${found.phase}`);
  const text = await readOutput(connection, found);
  if (text !== null) terminal.print(text);
}

/** 503 has the same document. */
export async function readHealth({ ask, client }: Connection): Promise<Schemas['Health']> {
  return ask(
    client.GET('/health').then(({ data, error, response }) => {
      if (response.status !== 503) return { ...(data !== undefined && { data }), error, response };
      return { data: error as unknown as Schemas['Health'], response: new Response() };
    }),
  );
}

function tellHealth(health: Schemas['Health'], { json }: Shown, terminal: Terminal): number {
  if (json) terminal.print(JSON.stringify(health));
  else {
    const rows = Object.entries(health.checks).map(([name, { healthy, ...more }]) => [
      ...[name, healthy ? 'well' : 'FAILS', describeDetails(more)],
    ]);
    printTable(['CHECK', 'IS', 'MORE'], rows, terminal);
  }
  return health.status === 'healthy' ? 0 : 1;
}
