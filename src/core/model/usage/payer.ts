import { CHAT_TRANSPORTS } from '../chat.ts';
import type { Identity } from '../request.ts';

/** For whom something is spent: the id of a key, or a person of a chat as `telegram:<id>`; null when nobody is known. */
export function toPayer({ transport, user_id }: Identity): string | null {
  const isChat = (CHAT_TRANSPORTS as readonly string[]).includes(transport);
  return user_id !== null && isChat ? `${transport}:${user_id}` : user_id;
}
