import type { Schemas } from '../../client/client.ts';
import { printTable } from '../shown/table.ts';
import { toInstant } from '../shown/words.ts';
import type { Terminal } from '../terminal.ts';
import { connect, type Remote } from './connection.ts';
import type { Shown } from './status.ts';

export interface CreateKeyOptions extends Remote {
  readonly scope: Schemas['CreateKeyBody']['scopes'];
  readonly workspace: readonly string[];
  /** Epoch milliseconds. */
  readonly expires?: number;
  readonly rate?: number;
  readonly active?: number;
  readonly turns?: number;
  /** Of a day, in micro-dollars. */
  readonly cost?: number;
}

/** The key alone stands on stdout, so that it can be handed on. */
export async function createKey(name: string, options: CreateKeyOptions, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const { scope, workspace, expires, rate, active, turns, cost } = options;
  const body = {
    name,
    scopes: [...scope],
    ...(workspace.length > 0 && { workspaces: [...workspace] }),
    ...(expires !== undefined && { expiresAt: expires }),
    ...(rate !== undefined && { rateLimitMax: rate }),
    ...(active !== undefined && { activeMax: active }),
    ...(turns !== undefined && { dailyTurnsMax: turns }),
    ...(cost !== undefined && { dailyCostMicroUsdMax: cost }),
  };
  return hand(await ask(client.POST('/keys', { body })), terminal);
}

export async function rotateKey(id: string, options: Remote, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  return hand(await ask(client.POST('/keys/{id}/rotate', { params: { path: { id } } })), terminal);
}

export async function revokeKey(id: string, options: Remote, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  await ask(client.DELETE('/keys/{id}', { params: { path: { id } } }));
  terminal.complain(`${id} is revoked`);
  return 0;
}

/** Without their secrets, which nobody has any more. */
export async function listKeys(options: Shown, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const list = await ask(client.GET('/keys'));
  if (options.json) terminal.print(JSON.stringify(list));
  else {
    const rows = list.keys.map(({ id, name, scopes, workspaces, expiresAt, lastUsedAt }) => [
      ...[id, name, scopes.join(','), workspaces?.join(',') ?? '*', toInstant(expiresAt), toInstant(lastUsedAt)],
    ]);
    printTable(['KEY', 'NAME', 'SCOPES', 'WORKSPACES', 'EXPIRES', 'USED'], rows, terminal, ['USED']);
  }
  return 0;
}

function hand({ id, key }: { readonly id: string; readonly key: string }, terminal: Terminal): number {
  terminal.complain(`the key ${id} is shown once:`);
  terminal.print(key);
  return 0;
}
