import { GatewayError } from '../../core/model/errors.ts';
import type { DeliveryPlace } from '../../core/ports/transport.ts';

/** Where a message goes. `thread` null: the chat itself, or the General topic of a forum. */
export interface Place {
  readonly chat: string;
  readonly thread: number | null;
}

const ADDRESS = /^telegram:(-?[1-9]\d{0,15})(?::([1-9]\d{0,15}))?$/;
/** Telegram's own id of the topic "General", which a message must not name. */
const GENERAL = 1;

/** `telegram:<chat>` or `telegram:<chat>:<topic>`, so that one place is one lane.
 *  @throws GatewayError `invalid_field` with this field. */
export function parseAddress(address: string, field: string): string {
  const place = readPlace(address);
  if (place !== null) return toAddress(place);
  const message = `${field}: a place in Telegram is telegram:<chat id> or telegram:<chat id>:<topic id>, ids in digits`;
  throw new GatewayError('invalid_field', message, { field });
}

/** Null for what is no address. */
export function readPlace(address: string): Place | null {
  const [, chat, thread] = ADDRESS.exec(address) ?? [];
  if (chat === undefined) return null;
  const isWhole =
    thread === undefined || Number(thread) === GENERAL || thread === toThreadId({ chat, thread: null }, false);
  return { chat, thread: isWhole ? null : Number(thread) };
}

export function toAddress({ chat, thread }: Place): string {
  return thread === null ? `telegram:${chat}` : `telegram:${chat}:${thread}`;
}

/** What names the thread beside its chat: a chat without topics is one thread, named as itself. */
export function toThreadId({ chat, thread }: Place, isForum: boolean): string {
  if (thread !== null) return String(thread);
  return isForum ? String(GENERAL) : chat.replace('-', '');
}

/** Of a thread that was bound by its ids. */
export function toDeliveryPlace(chat: string, threadId: string): DeliveryPlace {
  const address = `telegram:${chat}:${threadId}`;
  const place = readPlace(address);
  return place === null ? { address, link: null } : { address: toAddress(place), link: toLink(place) };
}

/** Null where there is no such page: in private chats and basic groups. */
export function toLink({ chat, thread }: Place): string | null {
  const [, internal] = /^-100(\d+)$/.exec(chat) ?? [];
  return internal === undefined ? null : `https://t.me/c/${internal}/${thread ?? GENERAL}`;
}
