import type { KeysApi } from '../../../src/core/ports/keys/keys.ts';
import { createKeys } from '../../../src/core/flows/keys/keys.ts';
import type { KeyRecord } from '../../../src/core/model/keys/key.ts';
import { ids } from '../../../src/compose/ids.ts';
import { clock } from '../../../src/compose/clock.ts';

/** The keys as they are, in memory; all that is asked for belongs to everybody. */
export function createFakeKeys(): KeysApi {
  const kept = new Map<string, KeyRecord>();
  const change = (id: string, more: Partial<KeyRecord>): KeyRecord | null => {
    const known = kept.get(id);
    if (known === undefined) return null;
    kept.set(id, { ...known, ...more });
    return { ...known, ...more };
  };
  const store = {
    addKey: async (key: KeyRecord) => void kept.set(key.id, key),
    readKey: async (id: string) => kept.get(id) ?? null,
    listKeys: async () => [...kept.values()],
    rotateKey: async (id: string, sha256: string) => change(id, { sha256 }),
    deleteKey: async (id: string) => kept.delete(id),
    touchKey: async (id: string, lastUsedAt: number) => void change(id, { lastUsedAt }),
  };
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  return { ...createKeys({ store, clock, ids, log: silent }), mustReach: async () => {} };
}
