import { GatewayError } from '../../core/model/errors.ts';
import type { ChatNetwork } from '../../core/ports/gateway/chats.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Transport } from '../../core/ports/transport.ts';
import { parseAddress, readPlace, toDeliveryPlace } from './address.ts';
import { createClient } from './api/client.ts';
import { listen } from './incoming/listen.ts';
import { createMessenger } from './messenger.ts';
import { createToParts } from './outgoing/answer.ts';
import { deliver } from './outgoing/deliver.ts';
import { PACE, type TelegramPace, toPolicy } from './paces.ts';
import { createTopics } from './topics.ts';

export interface TelegramOptions {
  readonly token: string;
  readonly apiRoot: string;
  /** The chats that may speak; new tasks get their topics in the first one. */
  readonly communities: readonly string[];
  readonly pauseAfterMs: number;
  readonly now: () => number;
  readonly elapsed?: () => number;
  readonly log: Log;
  readonly pace?: TelegramPace;
}

type Listening = Required<Pick<Transport, 'problems' | 'lookAgain'>>;

export function createTelegram(options: TelegramOptions): ChatNetwork {
  const { token, apiRoot, communities, pauseAfterMs, now, log, pace = PACE } = options;
  const { elapsed = () => performance.now() } = options;
  const client = createClient(apiRoot, token);
  const messenger = createMessenger(client);
  const toParts = createToParts();
  let listening: Listening | null = null;
  return {
    transport: {
      name: 'telegram',
      example: 'telegram:-1001234567890:42',
      policy: toPolicy(pauseAfterMs, pace),
      problems: () => listening?.problems() ?? [],
      lookAgain: async (signal) => listening?.lookAgain(signal),
      placeOf: ({ chat, threadId }) => toDeliveryPlace(chat, threadId),
      parseAddress(address, field) {
        const parsed = parseAddress(address, field);
        const chat = readPlace(parsed)?.chat ?? '';
        if (communities.includes(chat)) return parsed;
        throw new GatewayError('invalid_field', `${field}: the chat ${chat} is not in ALLOWED_CHATS`, { field });
      },
      deliver: (delivery, signal) => deliver({ messenger, communities, now, toParts }, delivery, signal),
    },
    listen(chats, register) {
      const chat = communities[0] ?? null;
      const topics = createTopics({ client, chat, register, log, elapsed });
      let trouble: string | null = null;
      const tell = (problem: string | null): void => void (trouble = problem);
      const listener = listen({ client, messenger, topics, chats, chat, log, tell });
      listening = {
        problems: () => [trouble, topics.problem()].filter((problem) => problem !== null),
        lookAgain: (signal) => topics.lookAgain(signal),
      };
      return {
        async close() {
          topics.close();
          await listener.close();
        },
      };
    },
    close: () => client.close(),
  };
}
