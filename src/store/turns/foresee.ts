import type { Foreseen, IdempotencyClaim, AcceptanceLimits } from '../../core/ports/requests/acceptance.ts';
import type { Statements } from '../sql/statements.ts';
import { findSpentBudget } from '../spending/spending.ts';
import { readQueueLength, replay } from './accept.ts';

/** Must run inside one transaction: it forgets old keys. */
export function foresee(db: Statements, limits: AcceptanceLimits, idempotency: IdempotencyClaim | null): Foreseen {
  const earlier = idempotency === null ? null : replay(db, idempotency);
  if (earlier !== null) return earlier;
  if (findSpentBudget(db, limits.budgets ?? {}, null) === 'day') return { kind: 'budget_spent', limit: 'day' };
  return readQueueLength(db, '') < limits.total ? { kind: 'free' } : { kind: 'queue_full', limit: 'total' };
}
