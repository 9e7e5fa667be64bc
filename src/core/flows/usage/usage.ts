import type { UsageApi } from '../../ports/usage/usage.ts';
import type { FlowParts, FlowSettings } from '../parts.ts';
import { DAY_MS, toDayBegin, toSpentError } from './budgets.ts';

export interface UsageDeps extends Pick<FlowParts, 'store' | 'clock'> {
  readonly settings: Pick<FlowSettings, 'dailyMaxMicroUsd'>;
}

export function createUsage({ store, clock, settings: { dailyMaxMicroUsd } }: UsageDeps): UsageApi {
  async function today(): ReturnType<UsageApi['today']> {
    const since = toDayBegin(clock.now());
    const spent = await store.sumSpent({ from: since, to: since + DAY_MS });
    return {
      since,
      spent,
      leftMicroUsd: dailyMaxMicroUsd === null ? null : Math.max(0, dailyMaxMicroUsd - spent.costMicroUsd),
    };
  }

  return {
    async read(by, filter, limit) {
      const [groups, total] = await Promise.all([store.listSpent(by, filter, limit), store.sumSpent(filter)]);
      return { groups, total };
    },
    today,
    async refuseBeyondBudget() {
      if (dailyMaxMicroUsd !== null && (await today()).leftMicroUsd === 0) throw toSpentError('day', clock.now());
    },
  };
}
