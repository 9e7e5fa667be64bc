import type { Foreseen, IdempotencyClaim, QueueLimits } from '../../core/ports/store.ts';
import type { Statements } from '../sql/statements.ts';
import { readQueueLength, replay } from './accept.ts';

/** Must run inside one transaction: it forgets old keys. */
export function foresee(db: Statements, limits: QueueLimits, idempotency: IdempotencyClaim | null): Foreseen {
  const earlier = idempotency === null ? null : replay(db, idempotency);
  if (earlier !== null) return earlier;
  return readQueueLength(db, '') < limits.total ? { kind: 'free' } : { kind: 'queue_full', limit: 'total' };
}
