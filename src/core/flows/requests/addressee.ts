import { CHAT_TRANSPORTS } from '../../model/chat.ts';
import { isChatAddress, transportOf } from '../../model/delivery.ts';
import { GatewayError } from '../../model/errors.ts';
import type { Submission } from '../../ports/gateway/requests.ts';
import type { FlowParts } from '../parts.ts';

type Transports = Pick<FlowParts, 'transports'>;

/** A place in a chat, without its network. */
const BARE = /^-?[0-9]+(?::[0-9]+)?$/;

/** Who is told of a request; null: nobody. `chatId` is a place in a chat, or a name that means nothing to us.
 *  @throws GatewayError `invalid_field` that names the field */
export function chooseAddressee(
  parts: Transports,
  { replyTo, chatId }: Pick<Submission, 'replyTo' | 'chatId'>,
): string | null {
  if (replyTo !== undefined) return parseAddress(parts, replyTo, 'replyTo');
  if (chatId === undefined) return null;
  const isPlace = isChatAddress(chatId) ? chatId.includes(':') : BARE.test(chatId) && firstChat(parts) !== null;
  return isPlace ? parseAddress(parts, chatId, 'chatId') : null;
}

function parseAddress(parts: Transports, given: string, field: string): string {
  const { transports } = parts;
  const first = BARE.test(given) ? firstChat(parts) : null;
  const address = first === null ? given : `${first}:${given}`;
  const name = transportOf(address);
  const transport = transports.get(name);
  if (transport !== undefined) return transport.parseAddress(address, field);
  const known = [...transports.values()].flatMap(({ example }) => example ?? []).join(', ');
  const why = isChatAddress(address) ? `: ${name} is not configured here` : '';
  throw new GatewayError(
    'invalid_field',
    `${field} is an address that this gateway delivers to, such as ${known}${why}`,
    {
      field,
    },
  );
}

function firstChat({ transports }: Transports): string | null {
  return CHAT_TRANSPORTS.find((name) => transports.has(name)) ?? null;
}
