import { GatewayError } from '../../model/errors.ts';
import { isQuickId } from '../../model/quick/session.ts';
import type { Budgets } from '../../ports/requests/acceptance.ts';
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
