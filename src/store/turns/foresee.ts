import type { Foreseen, IdempotencyClaim, AcceptanceLimits } from '../../core/ports/requests/acceptance.ts';
import type { Step } from '../sql/step.ts';
import { findSpentBudget } from '../spending/spending.ts';
import { readQueueLength, replay } from './accept.ts';

/** Must run inside one transaction: it forgets an old key. */
export function* foresee(limits: AcceptanceLimits, idempotency: IdempotencyClaim | null): Step<Foreseen> {
  const earlier = idempotency === null ? null : yield* replay(idempotency);
  if (earlier !== null) return earlier;
  if ((yield* findSpentBudget(limits.budgets ?? {}, null)) === 'day') return { kind: 'budget_spent', limit: 'day' };
  return (yield* readQueueLength('')) < limits.total ? { kind: 'free' } : { kind: 'queue_full', limit: 'total' };
}
