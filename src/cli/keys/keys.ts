import { findGateway } from '../find-gateway.ts';
import { askGateway, type Door } from '../gateway-client.ts';
import type { Terminal } from '../terminal.ts';
import type { KeysCommand, KeysWish } from './arguments.ts';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly workspaces: readonly string[] | null;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

/** A key alone stands on stdout, so that it can be handed on. */
export async function keys({ wish, url }: KeysCommand, terminal: Terminal): Promise<number> {
  await carryOut(wish, await findGateway(url, terminal), terminal);
  return 0;
}

async function carryOut(wish: KeysWish, door: Door, terminal: Terminal): Promise<void> {
  switch (wish.verb) {
    case 'create':
      return show(await askGateway(door, 'POST', '/keys', { body: JSON.stringify(wish.body) }), terminal);
    case 'rotate':
      return show(await askGateway(door, 'POST', `/keys/${encodeURIComponent(wish.id)}/rotate`, {}), terminal);
    case 'revoke':
      await askGateway(door, 'DELETE', `/keys/${encodeURIComponent(wish.id)}`, {});
      return terminal.complain(`${wish.id} is revoked`);
    case 'list': {
      const { keys: found } = JSON.parse(await askGateway(door, 'GET', '/keys', {})) as { keys: readonly Shown[] };
      for (const key of found) terminal.print(toLine(key));
    }
  }
}

function show(answer: string, terminal: Terminal): void {
  const { id, key } = JSON.parse(answer) as { readonly id: string; readonly key: string };
  terminal.complain(`the key ${id} is shown once:`);
  terminal.print(key);
}

function toLine({ id, name, scopes, workspaces, expiresAt, lastUsedAt }: Shown): string {
  const expires = expiresAt === null ? 'never expires' : `expires ${toDate(expiresAt)}`;
  const used = lastUsedAt === null ? 'never used' : `used ${toDate(lastUsedAt)}`;
  return [id, name, scopes.join(','), workspaces?.join(',') ?? 'every workspace', expires, used].join('\t');
}

function toDate(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16);
}
