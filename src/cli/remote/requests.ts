import type { Schemas } from '../../client/client.ts';
import { printTable } from '../shown/table.ts';
import { toDuration, toInstant } from '../shown/words.ts';
import type { Terminal } from '../terminal.ts';
import { connect, type Remote } from './connection.ts';
import type { Shown } from './status.ts';

export interface RequestsOptions extends Shown {
  readonly workspace?: string;
  readonly state?: Schemas['RequestState'];
  readonly source?: Schemas['Source'];
  readonly limit: number;
}

/** Newest first. */
export async function requests(options: RequestsOptions, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const { workspace, state, source, limit } = options;
  const query = {
    ...(workspace !== undefined && { workspace }),
    ...(state !== undefined && { state }),
    ...(source !== undefined && { source }),
    limit,
  };
  const list = await ask(client.GET('/requests', { params: { query } }));
  if (options.json) terminal.print(JSON.stringify(list));
  else
    printTable(
      ['REQUEST', 'WORKSPACE', 'STATE', 'REASON', 'SOURCE', 'ACCEPTED', 'TOOK'],
      list.requests.map(toRow),
      terminal,
      ['SOURCE', 'TOOK'],
    );
  return 0;
}

function toRow(request: Schemas['RequestSummary']): readonly string[] {
  const { requestId, workspace, state, phase, reason, source, createdAt, startedAt, completedAt } = request;
  const took = startedAt === null || completedAt === null ? '-' : toDuration(completedAt - startedAt);
  return [requestId, workspace, phase ?? state, reason ?? '-', source, toInstant(createdAt), took];
}

export async function cancel(requestId: string, options: Remote, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const { state } = await ask(client.POST('/status/{requestId}/cancel', { params: { path: { requestId } } }));
  terminal.print(state === 'running' ? 'it is being stopped' : state);
  return 0;
}
