import type { KeyRecord } from '../../core/model/keys/key.ts';
import type { KeyLimited } from '../../core/ports/requests/acceptance.ts';
import { activeOfKey, acceptedOfKey } from '../requests/key-queries.ts';
import { costOfKey } from '../spending/spending-queries.ts';
import { get, type Step } from '../sql/step.ts';

/** Its requests are counted as they are accepted. */
export function isCounted({ limits }: Pick<KeyRecord, 'limits'>): boolean {
  return limits.activeMax !== null || limits.dailyTurnsMax !== null;
}

/** Which limit of a key stands against another request of it; null: none. Must run inside the transaction that accepts. */
export function* findKeyLimit({ id: key, limits }: KeyRecord, since: number): Step<KeyLimited | null> {
  const { activeMax, dailyTurnsMax, dailyCostMicroUsdMax } = limits;
  if (activeMax !== null && ((yield* get(activeOfKey, { key }))?.count ?? 0) >= activeMax)
    return { kind: 'key_limited', limit: 'active', max: activeMax };
  if (dailyTurnsMax !== null && ((yield* get(acceptedOfKey, { key, since }))?.count ?? 0) >= dailyTurnsMax)
    return { kind: 'key_limited', limit: 'turns', max: dailyTurnsMax };
  if (dailyCostMicroUsdMax !== null && ((yield* get(costOfKey, { key, since }))?.cost ?? 0) >= dailyCostMicroUsdMax)
    return { kind: 'key_limited', limit: 'cost', max: dailyCostMicroUsdMax };
  return null;
}
