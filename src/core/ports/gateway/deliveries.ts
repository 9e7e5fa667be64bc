import type { DeliveryRecord } from '../../model/delivery.ts';
import type { DeliveryFilter } from '../outbox-store.ts';

/** What is owed to addresses, and what became of it. */
export interface DeliveriesApi {
  /** Those that fit, newest first, behind a seq. */
  list(filter: DeliveryFilter, behind: number | null, limit: number): Promise<readonly DeliveryRecord[]>;
  /** Owes one again that was refused or given up, at its old place among those for its address. Throws `not_found`, and
   *  `delivery_not_ended` for one that is sent or still owed. */
  repeat(id: string): Promise<DeliveryRecord>;
}
