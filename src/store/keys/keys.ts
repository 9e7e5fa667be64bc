import type { Selectable } from 'kysely';
import type { KeyRecord, Scope } from '../../core/model/keys/key.ts';
import type { By } from '../../core/ports/audit/audit-store.ts';
import { noteAudit } from '../audit/audit.ts';
import { all, get, run, type Step } from '../sql/step.ts';
import type { KeysTable } from '../sql/tables.ts';
import { allKeys, changeSecret, dropKey, insertKey, keyById, noteUse } from './key-queries.ts';

export function* addKey(key: KeyRecord, by?: By): Step<void> {
  yield* note('created', key, by);
  yield* run(insertKey, {
    id: key.id,
    name: key.name,
    sha256: key.sha256,
    scopes: JSON.stringify(key.scopes),
    workspaces: key.workspaces === null ? null : JSON.stringify(key.workspaces),
    rate_limit_max: key.limits.rateLimitMax,
    active_max: key.limits.activeMax,
    daily_turns_max: key.limits.dailyTurnsMax,
    daily_cost_micro_usd_max: key.limits.dailyCostMicroUsdMax,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
  });
}

export function* readKey(id: string): Step<KeyRecord | null> {
  const row = yield* get(keyById, { id });
  return row === undefined ? null : toKey(row);
}

export function* listKeys(): Step<readonly KeyRecord[]> {
  return (yield* all(allKeys, {})).map(toKey);
}

export function* rotateKey(id: string, sha256: string, by?: By): Step<KeyRecord | null> {
  const row = yield* get(changeSecret, { id, sha256 });
  if (row === undefined) return null;
  yield* note('rotated', row, by);
  return toKey(row);
}

export function* deleteKey(id: string, by?: By): Step<boolean> {
  const row = yield* get(keyById, { id });
  if (row === undefined) return false;
  yield* note('revoked', row, by);
  return (yield* run(dropKey, { id })) > 0;
}

function* note(
  what: 'created' | 'rotated' | 'revoked',
  { id, name }: Pick<KeyRecord, 'id' | 'name'>,
  by: By | undefined,
): Step<void> {
  if (by === undefined) return;
  yield* noteAudit({ ...by, action: `key.${what}`, workspace: null, subject: id, detail: { name } });
}

export function* touchKey(id: string, at: number): Step<void> {
  yield* run(noteUse, { id, at });
}

function toKey(row: Selectable<KeysTable>): KeyRecord {
  return {
    id: row.id,
    name: row.name,
    sha256: row.sha256,
    scopes: JSON.parse(row.scopes) as readonly Scope[],
    workspaces: row.workspaces === null ? null : (JSON.parse(row.workspaces) as readonly string[]),
    limits: {
      rateLimitMax: row.rate_limit_max,
      activeMax: row.active_max,
      dailyTurnsMax: row.daily_turns_max,
      dailyCostMicroUsdMax: row.daily_cost_micro_usd_max,
    },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
