import type { ApprovalRecord } from '../model/approval.ts';
import type { DeliveryRecord } from '../model/delivery.ts';
import type { RequestRecord } from '../model/request.ts';
import type { ThreadPlace } from '../model/thread.ts';
import type { FoundFile } from './workspace-files.ts';

/** Delivers to one kind of address. What opens threads on it, if anything does, is a TaskChannelFactory: it may come
 *  and go with the network. */
export interface Transport {
  /** What its addresses begin with, up to the colon. */
  readonly name: string;
  /** An address as callers name one in `replyTo`; null: they cannot. */
  readonly example: string | null;
  readonly policy: TransportPolicy;
  /** What keeps it, or new threads on it, from working, in words that say what to change. Without it: nothing can. */
  readonly problems?: () => readonly string[];
  /** Looks whether what `problems` tells still keeps new threads from it, but not again at once. Rejects when it cannot
   *  be seen now. */
  readonly lookAgain?: (signal: AbortSignal) => Promise<void>;
  /** Where a thread of its own is delivered to, and found by people. Without it: it has no threads. */
  readonly placeOf?: (thread: ThreadPlace) => DeliveryPlace;
  /** An address as it is written here, so that one address is one lane.
   *  @throws GatewayError `invalid_field` with this field for one that can never be delivered to. */
  parseAddress(address: string, field: string): string;
  /** One attempt: at one message, or at one change of a message. Rejects only when the signal aborts, and with what
   *  `readFile` rejected with; whether it was taken is unknown in the first case. */
  deliver(delivery: DueDelivery, signal: AbortSignal): Promise<Outcome>;
}

export interface DeliveryPlace {
  readonly address: string;
  /** Null: it has no page. */
  readonly link: string | null;
}

/** Limits and paces, as data; the outbox keeps them. Times in milliseconds. */
export interface TransportPolicy {
  /** From one attempt to the next, while an address fails; the last one repeats. */
  readonly retryMs: readonly number[];
  /** An attempt that takes longer is aborted, and its outcome unknown. */
  readonly timeoutMs: number;
  /** Attempts at the same time: at addresses that took the last one, at those that nobody knows yet, and at those that
   *  failed last, each. Those that take long are not counted. */
  readonly concurrency: number;
  /** An address that has failed for so long is tried only as often as the last of `retryMs` says. */
  readonly pauseAfterMs: number;
  /** What may be sent in a time: the first scope is everything, a narrower one is a part of the address. */
  readonly budgets: readonly Budget[];
  /** Addresses with an equal one wait together when one of them was asked to wait. Without it each waits for itself. */
  readonly holdOf?: (address: string) => string;
}

/** So many attempts, each of which is a message, in a time, for all addresses that share a key. */
export interface Budget {
  /** Null: it is not for this address. */
  readonly keyOf: (address: string) => string | null;
  readonly count: number;
  readonly perMs: number;
  /** Of `count`, what is kept for decisions, and what more is kept for all that is to be read: how things go gets the
   *  rest. Without it all are served alike. */
  readonly keep?: readonly [decisions: number, read: number];
}

/** What is to be delivered now, with what it tells of. */
export interface DueDelivery extends DeliveryRecord {
  readonly request: RequestRecord | null;
  readonly approval: ApprovalRecord | null;
  /** An earlier attempt may have been taken: a transport that cannot make a repeat harmless marks it. */
  readonly isUnsure: boolean;
  /** The message to change, where an earlier delivery told of the same: see OutboxStore.readEarlierMessages. */
  readonly earlier: readonly string[];
  /** A file that the answer names, from the workspace: see WorkspaceFiles. An empty one is refused.
   *  @throws GatewayError `storage_unavailable` when it cannot be read now */
  readonly readFile: (path: string, maxBytes: number) => Promise<FoundFile>;
  /** What signs for the subscription; null where there is none. */
  readonly secrets: readonly string[] | null;
}

export type Outcome =
  /** `messages`: all that it has become, where the network names them. */
  | { readonly kind: 'sent'; readonly link?: string; readonly messages?: readonly string[] }
  /** One more of its messages is there; the next one is an attempt of its own. */
  | { readonly kind: 'part'; readonly messages: readonly string[] }
  /** Surely not taken, or taken twice without harm. `afterMs`: the address itself said when. */
  | { readonly kind: 'retry'; readonly error: string; readonly afterMs?: number }
  /** For good. `gone`: the address wants nothing any more. */
  | { readonly kind: 'refused'; readonly error: string; readonly gone?: boolean }
  /** It may have been taken. */
  | { readonly kind: 'unknown'; readonly error: string };
