import { CHAT_TRANSPORTS } from './chat.ts';
import type { EventType } from './event.ts';

/** `waiting → sending → sent | refused | given_up`, and from `sending` back to `waiting` for another attempt:
 *  `waiting`: owed, and not under way.
 *  `sending`: an attempt has begun; a process that finds it so cannot know whether the address has it.
 *  `sent`: the address said that it took it.
 *  `refused`: the address does not want it, now or later; `lastError` says why.
 *  `given_up`: it was owed for too long without being taken. */
export const DELIVERY_STATES = ['waiting', 'sending', 'sent', 'refused', 'given_up'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
export type DeliveryEnd = Extract<DeliveryState, 'sent' | 'refused' | 'given_up'>;

/** What is owed: the prompt that somebody else gave to a thread, the end of a request with its answer, an approval that
 *  was asked or decided, how a turn gets on, what befell an agent or a message, a try of the
 *  address, what a hook is told of an end. */
export const DELIVERY_KINDS = ['prompt', 'answer', 'approval', 'progress', 'notice', 'test', 'hook'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** The order inside of a lane: low before high, first come first served inside one. In a chat a decision waits for no
 *  answer of many messages; elsewhere all is told as it happened. */
export function rankOf(kind: DeliveryKind, address: string): -1 | 0 | 1 {
  if (kind === 'approval' && isChatAddress(address)) return -1;
  return kind === 'progress' ? 1 : 0;
}

/** Among addresses that share a pace: somebody waits for a decision; then what is to be read; then how things go. */
export function urgencyOf(kind: DeliveryKind): 0 | 1 | 2 {
  if (kind === 'approval') return 0;
  return kind === 'progress' ? 2 : 1;
}

/** One message owed to one address. Instants are epoch milliseconds. */
export interface DeliveryRecord {
  readonly id: string;
  /** The order in which they became owed. */
  readonly seq: number;
  /** `<transport>:<rest>`; everything for one address is a lane. */
  readonly to: string;
  readonly kind: DeliveryKind;
  readonly requestId: string | null;
  readonly workspace: string | null;
  /** The standing subscription that it is owed to; null for the `replyTo` of a request. */
  readonly webhookId: string | null;
  /** What happened. */
  readonly event: DeliveredEvent;
  readonly state: DeliveryState;
  /** How often it was tried. */
  readonly attempts: number;
  /** The earliest instant of the next attempt; null once it has ended. */
  readonly nextAttemptAt: number | null;
  readonly createdAt: number;
  /** When it became owed, or was asked for again. */
  readonly owedSince: number;
  readonly endedAt: number | null;
  /** What the last attempt met. */
  readonly lastError: string | null;
  /** Where people find it, if its transport has such a place. */
  readonly link: string | null;
  /** The messages that it became, as its transport names them. */
  readonly messages: readonly string[];
}

export interface DeliveredEvent {
  readonly type: EventType | 'webhook.test' | 'message.refused';
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An address that did not take what was tried last. */
export interface FailingLane {
  readonly lane: string;
  /** Attempts without success, one after the other. */
  readonly failures: number;
  readonly failingSince: number;
  /** No attempt before this instant. */
  readonly notBefore: number;
  /** It has failed for so long that it is tried seldom; null: not yet. */
  readonly pausedAt: number | null;
  readonly lastError: string;
}

/** Threads of a chat are told how a request gets on, and what it asks. */
export function isChatAddress(address: string): boolean {
  return (CHAT_TRANSPORTS as readonly string[]).includes(transportOf(address));
}

/** What a turn took is a part of it: it waits until that is known. */
export function tellsUsage({ kind, to, event }: Pick<DeliveryRecord, 'kind' | 'to' | 'event'>): boolean {
  if (kind === 'hook') return event.data['hook'] === 'post_session';
  return kind === 'answer' && transportOf(to) === 'webhook';
}

/** How a turn gets on is no longer told: it ended in silence, and what its thread was told of it goes. */
export function isTakenBack({ kind, event }: Pick<DeliveryRecord, 'kind' | 'event'>): boolean {
  return kind === 'progress' && event.data['silent'] === true;
}

/** Where an address leads, for people: without what may be secret in it, as the path of a webhook. */
export function toPlace(address: string): string {
  return /^webhook:https?:\/\/[^/?#]+/.exec(address)?.[0] ?? address;
}

/** The transport of an address, or the whole text when it names none. */
export function transportOf(address: string): string {
  return address.split(':', 1)[0] ?? address;
}
