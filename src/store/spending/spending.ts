import { toPayer } from '../../core/model/usage/payer.ts';
import type { Identity } from '../../core/model/request.ts';
import type { Usage } from '../../core/model/usage/usage.ts';
import type { Budgets } from '../../core/ports/requests/acceptance.ts';
import type { Spent, SpentBy, SpentFilter, UsageGroup } from '../../core/ports/usage/usage-store.ts';
import { all, get, returned, send, type Step } from '../sql/step.ts';
import type { RequestsTable } from '../sql/tables.ts';
import {
  costOfSession,
  costSince,
  DAY_MS,
  insertSpent,
  spentBy,
  spentInSession,
  spentInSpan,
  type SpentRow,
} from './spending-queries.ts';

/** Must run inside the transaction that gives the request its usage, which is once. */
export function* noteSpent(
  request: Pick<RequestsTable, 'id' | 'workspace' | 'session_id' | 'identity'>,
  usage: Usage,
  at: number,
): Step<void> {
  const { id, workspace, session_id } = request;
  const key = toPayer(JSON.parse(request.identity) as Identity);
  for (const part of usage.models) {
    yield* send(insertSpent, {
      ...{ at, request_id: id, session_id, workspace, key },
      model: part.model,
      input_tokens: part.inputTokens,
      output_tokens: part.outputTokens,
      cache_read_tokens: part.cacheReadTokens,
      cache_write_tokens: part.cacheWriteTokens,
      cost_micro_usd: part.costMicroUsd,
    });
  }
}

/** Which of them is spent; null: none. A session that is new has spent nothing. */
export function* findSpentBudget(budgets: Budgets, sessionId: number | null): Step<keyof Budgets | null> {
  const { day, session } = budgets;
  if (day !== undefined && ((yield* get(costSince, { since: day.since }))?.cost ?? 0) >= day.maxMicroUsd) return 'day';
  if (session === undefined || sessionId === null) return null;
  return ((yield* get(costOfSession, { sessionId }))?.cost ?? 0) >= session.maxMicroUsd ? 'session' : null;
}

export function* listSpent(
  by: UsageGroup,
  { from, to, reach = null }: SpentFilter,
  limit: number,
): Step<readonly SpentBy[]> {
  return (yield* all(spentBy(by, reach), { from, to, limit })).map(({ name, ...row }) => ({
    name: typeof name === 'number' ? toDay(name) : name,
    ...toSpent(row),
  }));
}

export function* sumSpent({ from, to, reach = null }: SpentFilter): Step<Spent> {
  return toSpent(returned(yield* get(spentInSpan(reach), { from, to })));
}

export function* sumSpentInSession(workspace: string): Step<Spent> {
  return toSpent(returned(yield* get(spentInSession, { workspace })));
}

function toSpent(row: SpentRow): Spent {
  return {
    requests: row.requests,
    inputTokens: row.input_tokens ?? 0,
    outputTokens: row.output_tokens ?? 0,
    cacheReadTokens: row.cache_read_tokens ?? 0,
    cacheWriteTokens: row.cache_write_tokens ?? 0,
    costMicroUsd: row.cost_micro_usd ?? 0,
    unpriced: row.unpriced,
  };
}

/** Of a day's number since 1970. */
function toDay(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}
