import { GatewayError } from '../../model/errors.ts';
import { isQuickId } from '../../model/quick/session.ts';
import type { Budgets, KeyLimited } from '../../ports/requests/acceptance.ts';
import type { FlowSettings } from '../parts.ts';

export const DAY_MS = 86_400_000;

/** The last midnight (UTC). */
export function toDayBegin(now: number): number {
  return now - (now % DAY_MS);
}

/** Those that stand against more work in a workspace; null: against any work. */
export function toBudgets(
  { dailyMaxMicroUsd, quickMaxMicroUsd }: Pick<FlowSettings, 'dailyMaxMicroUsd' | 'quickMaxMicroUsd'>,
  workspace: string | null,
  now: number,
): Budgets {
  const isQuick = workspace !== null && isQuickId(workspace);
  return {
    ...(dailyMaxMicroUsd !== null && { day: { since: toDayBegin(now), maxMicroUsd: dailyMaxMicroUsd } }),
    ...(isQuick && quickMaxMicroUsd !== null && { session: { maxMicroUsd: quickMaxMicroUsd } }),
  };
}

/** `limit`: which of them is spent. */
export function toSpentError(limit: keyof Budgets, now: number): GatewayError {
  return limit === 'day'
    ? new GatewayError(
        'budget_spent',
        'The budget of this day is spent (DAILY_MAX_COST_USD): more is taken after midnight UTC',
        {
          retry: { afterMs: toDayBegin(now) + DAY_MS - now },
        },
      )
    : new GatewayError('budget_spent', 'The budget of this session is spent (QUICK_MAX_COST_USD): start another one');
}

/** When another request of a key is worth a try that waits for one of its own to end. */
const ACTIVE_RETRY_MS = 5_000;

export function toKeyError({ limit, max }: KeyLimited, now: number): GatewayError {
  const tomorrow = { afterMs: toDayBegin(now) + DAY_MS - now };
  switch (limit) {
    case 'active':
      return new GatewayError('key_limited', `This key has ${max} requests that wait or run, and may have no more`, {
        retry: { afterMs: ACTIVE_RETRY_MS },
      });
    case 'turns':
      return new GatewayError('key_limited', `This key has had its ${max} requests of this day (UTC)`, {
        retry: tomorrow,
      });
    case 'cost':
      return new GatewayError('budget_spent', 'The budget of this key is spent for this day (UTC)', {
        retry: tomorrow,
        wayOut: 'Wait for `Retry-After`, or use a key with a larger budget.',
      });
  }
}
