import type { Who } from '../../model/audit/audit.ts';
import type { DeliveryRecord, FailingLane } from '../../model/delivery.ts';
import type { WebhookEvent, WebhookRecord } from '../../model/webhook.ts';

/** Standing subscriptions. All but `list` throw `not_found` for an unknown id. */
export interface WebhooksApi {
  /** The secret is told here and never again. Throws `invalid_field`, `too_many_webhooks`. */
  create(wish: WebhookWish, who?: Who): Promise<WebhookWithSecret>;
  /** Oldest first. */
  list(): Promise<readonly WebhookView[]>;
  /** What is still owed to it is refused. */
  delete(id: string, who?: Who): Promise<void>;
  /** Owes it an event `webhook.test`. */
  test(id: string): Promise<DeliveryRecord>;
  /** Makes a new secret; the one before signs beside it for a day. */
  rotate(id: string, who?: Who): Promise<WebhookWithSecret>;
}

export interface WebhookWish {
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** All when absent. */
  readonly workspaces?: readonly string[];
}

export interface WebhookView {
  readonly webhook: WebhookRecord;
  /** Null while its address takes what it gets. */
  readonly failing: FailingLane | null;
}

export interface WebhookWithSecret {
  readonly webhook: WebhookRecord;
  readonly secret: string;
}
