import type { Who } from '../model/audit/audit.ts';
import type { ApprovalRecord } from '../model/approval.ts';
import type { DeliveryEnd, DeliveryKind, DeliveryRecord, DeliveryState, FailingLane } from '../model/delivery.ts';
import type { HookRecord } from '../model/hooks/hook.ts';
import type { Within } from '../model/keys/key.ts';
import type { ThreadPlace } from '../model/thread.ts';
import type { WebhookRecord } from '../model/webhook.ts';

/** What is not named fits. */
export interface DeliveryFilter extends Within {
  readonly state?: DeliveryState;
  readonly kind?: DeliveryKind;
  readonly to?: string;
  readonly requestId?: string;
  readonly workspace?: string;
  readonly webhookId?: string;
}

export type ToldApproval = Pick<ApprovalRecord, 'id' | 'requestId'>;

/** The first of a lane, and what is known of the lane. */
export interface LaneHead {
  readonly delivery: DeliveryRecord;
  /** Null while the lane does not fail. */
  readonly failing: FailingLane | null;
  /** The lane has taken something before. */
  readonly isProven: boolean;
  readonly isUnsure: boolean;
  /** It tells what a turn took, and that is still to come. */
  readonly isHeld: boolean;
}

/** What an attempt that did not succeed leaves: the lane is not tried before `notBefore`. */
export interface FailedAttempt {
  readonly error: string;
  readonly notBefore: number;
  readonly isUnsure: boolean;
  /** The lane is paused from now on. */
  readonly pause: boolean;
}

export interface EndedDelivery {
  readonly state: DeliveryEnd;
  readonly error: string | null;
  readonly link: string | null;
  /** What it has become; without it: what was known before. */
  readonly messages?: readonly string[];
}

/** A message of a known thread of which nothing comes, and why, for the one who wrote it. */
export interface MessageRefusal {
  readonly place: ThreadPlace;
  readonly messageId: string;
  /** The address of its thread. */
  readonly to: string;
  readonly text: string;
}

/** The outbox. A delivery is added in the transaction of the event that it tells of, wherever that is appended. */
export interface OutboxStore {
  /** The lanes of what became owed behind this seq, and the latest seq. 0: all lanes with something owed. */
  listOwedLanes(after: number): Promise<{ readonly lanes: readonly string[]; readonly latest: number }>;
  /** Null when nothing is owed to this address. */
  readLaneHead(lane: string): Promise<LaneHead | null>;
  /** waiting or sending → sending: from here a crash may have sent it. False when it has ended. */
  beginDelivery(id: string): Promise<boolean>;
  /** sending → waiting, and the lane fails. */
  delayDelivery(id: string, failed: FailedAttempt, now: number): Promise<boolean>;
  /** → an end, with its event. A lane that took something, or refused it, fails no longer. */
  endDelivery(id: string, end: EndedDelivery, now: number): Promise<boolean>;
  /** sending → waiting: it has become these messages so far, and the next attempt goes on behind them, sure of them. The
   *  lane took something, and fails no longer. */
  keepPart(id: string, messages: readonly string[]): Promise<boolean>;
  /** What an earlier delivery of the same kind became, of the same request and, if it tells of one, of the same
   *  approval: the message to change. Empty when there is none. */
  readEarlierMessages(delivery: DeliveryRecord): Promise<readonly string[]>;
  /** How a running request gets on is owed anew to the thread that was told of it last, for its time goes on; of all of
   *  them for null. Not while anything of it is still owed there. */
  retellProgress(requestId: string | null, now: number): Promise<void>;
  /** Whether this address was or will be told of the approval: whoever is there was asked. */
  isTold(approval: ToldApproval, to: string): Promise<boolean>;
  readDelivery(id: string): Promise<DeliveryRecord | null>;
  /** Refused or given up → waiting, at its old place, and the lane may be tried at once. Null when there is no such
   *  delivery; otherwise as it stands: it is not `waiting` when there was nothing to repeat. */
  repeatDelivery(
    id: string,
    now: number,
  ): Promise<{ readonly delivery: DeliveryRecord; readonly repeated: boolean } | null>;
  /** Newest first, behind a seq. */
  listDeliveries(filter: DeliveryFilter, behind: number | null, limit: number): Promise<readonly DeliveryRecord[]>;
  /** The longest failing first. */
  listFailingLanes(limit: number): Promise<readonly FailingLane[]>;
  /** All that are owed and have not ended. */
  countOwed(): Promise<number>;

  /** From now on these are told of the ends of turns, and no others. */
  setHooks(hooks: readonly HookRecord[]): Promise<void>;
  listHooks(): Promise<readonly HookRecord[]>;

  addWebhook(webhook: WebhookRecord, who?: Who): Promise<void>;
  readWebhook(id: string): Promise<WebhookRecord | null>;
  /** Oldest first. */
  listWebhooks(): Promise<readonly WebhookRecord[]>;
  /** Null when there is none. */
  rotateSecret(id: string, secret: string, now: number, who?: Who): Promise<WebhookRecord | null>;
  /** What is still owed to it is refused. False when there is none. */
  deleteWebhook(id: string, now: number, who?: Who): Promise<boolean>;
  /** Its receiver is gone: what is still owed to it is refused. */
  disableWebhook(id: string, now: number): Promise<void>;
  /** The message is noted as refused (see ThreadStore), and what is said to that is owed. */
  refuseMessage(refusal: MessageRefusal, now: number): Promise<void>;
  /** Owes it a try. Null when there is none. */
  oweTest(webhookId: string, now: number): Promise<DeliveryRecord | null>;
}
