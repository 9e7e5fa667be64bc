import type { Who } from '../../model/audit/audit.ts';
import type { By } from '../../ports/audit/audit-store.ts';
import { GatewayError } from '../../model/errors.ts';
import { hasExpired, isReachPattern, type KeyRecord, REACH_RULE } from '../../model/keys/key.ts';
import type { KeysApi, KeyWish } from '../../ports/keys/keys.ts';
import type { KeyStore } from '../../ports/keys/key-store.ts';
import type { FlowParts } from '../parts.ts';

export interface KeysDeps extends Pick<FlowParts, 'clock' | 'ids' | 'log'> {
  readonly store: KeyStore;
}

/** Of the last use: a write for each request would cost more than it tells. */
const TOUCH_EVERY_MS = 60_000;

export function createKeys({ store, clock, ids, log }: KeysDeps): Omit<KeysApi, 'mustReach'> {
  /** When each was noted last, here, by time that passes: the clock of the machine may be set back by hours. */
  const touched = new Map<string, number>();

  const toBy = (who: Who | undefined): By | undefined => (who === undefined ? undefined : { who, at: clock.now() });

  return {
    async create(wish, who) {
      const now = clock.now();
      checkWish(wish, now);
      const { key, id, sha256 } = ids.apiKey();
      const record = toRecord(wish, { id, sha256, createdAt: now });
      await store.addKey(record, toBy(who));
      log.info({ keyId: id, scopes: record.scopes }, 'key.created');
      return { record, key };
    },
    list: () => store.listKeys(),
    async rotate(id, who) {
      const { key, sha256 } = ids.apiKey(id);
      const record = await store.rotateKey(id, sha256, toBy(who));
      if (record === null) throw unknown(id);
      log.info({ keyId: id }, 'key.rotated');
      return { record, key };
    },
    async revoke(id, who) {
      if (!(await store.deleteKey(id, toBy(who)))) throw unknown(id);
      touched.delete(id);
      log.info({ keyId: id }, 'key.revoked');
    },
    async find(id) {
      const key = await store.readKey(id);
      return key === null || hasExpired(key, clock.now()) ? null : key;
    },
    used({ id, lastUsedAt }) {
      const [now, passed, noted] = [clock.now(), clock.elapsed(), touched.get(id)];
      const since = noted === undefined ? Math.abs(now - (lastUsedAt ?? 0)) : passed - noted;
      if (since < TOUCH_EVERY_MS) return;
      touched.set(id, passed);
      store.touchKey(id, now).catch((error: unknown) => {
        log.warn({ keyId: id, error: String(error) }, 'key.use_not_noted');
      });
    },
  };
}

/** @throws GatewayError `invalid_field` */
function checkWish({ scopes, workspaces, expiresAt }: KeyWish, now: number): void {
  const wrong = workspaces?.find((name) => !isReachPattern(name));
  if (wrong !== undefined) throw invalid('workspaces', `${wrong} is none: ${REACH_RULE}`);
  if (workspaces !== undefined && scopes.includes('admin')) {
    throw invalid('workspaces', 'a key with the scope admin may touch every workspace: leave workspaces out');
  }
  if (expiresAt !== undefined && expiresAt <= now) throw invalid('expiresAt', 'must be an instant to come');
}

function toRecord(wish: KeyWish, made: Pick<KeyRecord, 'id' | 'sha256' | 'createdAt'>): KeyRecord {
  return {
    ...made,
    name: wish.name,
    scopes: [...new Set(wish.scopes)],
    workspaces: wish.workspaces === undefined ? null : [...new Set(wish.workspaces)],
    limits: {
      rateLimitMax: wish.rateLimitMax ?? null,
      activeMax: wish.activeMax ?? null,
      dailyTurnsMax: wish.dailyTurnsMax ?? null,
      dailyCostMicroUsdMax: wish.dailyCostMicroUsdMax ?? null,
    },
    expiresAt: wish.expiresAt ?? null,
    lastUsedAt: null,
  };
}

function invalid(field: string, why: string): GatewayError {
  return new GatewayError('invalid_field', `${field}: ${why}`, { field });
}

function unknown(id: string): GatewayError {
  return new GatewayError('not_found', `Key not found: ${id}`);
}
