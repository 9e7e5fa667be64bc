import { printTable } from '../shown/table.ts';
import { toInstant, toMegabytes, toUsd } from '../shown/words.ts';
import type { Terminal } from '../terminal.ts';
import { connect, type Remote } from './connection.ts';
import type { Shown } from './status.ts';

export async function sessions(options: Shown, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const list = await ask(client.GET('/sessions'));
  if (options.json) terminal.print(JSON.stringify(list));
  else {
    const rows = list.sessions.map((session) => [
      ...[session.workspace, session.status, session.agent, String(session.activeRequests)],
      ...[String(session.totalRequests), session.process === null ? '-' : toMegabytes(session.process.memoryBytes)],
      ...[toUsd(session.spent.costMicroUsd), toInstant(session.lastActivityAt)],
    ]);
    printTable(['WORKSPACE', 'STATUS', 'AGENT', 'ACTIVE', 'TOTAL', 'MEMORY', 'USD', 'LAST ACTIVE'], rows, terminal, [
      ...['AGENT', 'TOTAL'],
    ]);
  }
  return 0;
}

export async function screen(workspace: string, options: Remote, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const params = { path: { workspace } };
  terminal.print(await ask(client.GET('/session/{workspace}/screen', { params, parseAs: 'text' })));
  return 0;
}
