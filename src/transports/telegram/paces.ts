import type { Budget, TransportPolicy } from '../../core/ports/transport.ts';
import { readPlace } from './address.ts';

/** From one message to the next, in milliseconds. */
export interface TelegramPace {
  readonly privateMs: number;
  readonly groupMs: number;
}

/** What Telegram asks for. */
export const PACE: TelegramPace = { privateMs: 1_100, groupMs: 3_100 };

const chatOf = (address: string): string => readPlace(address)?.chat ?? address;
const isGroup = (address: string): boolean => chatOf(address).startsWith('-');
const groupOf = (address: string): string | null => (isGroup(address) ? chatOf(address) : null);
const personOf = (address: string): string | null => (isGroup(address) ? null : chatOf(address));

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** What Telegram lets a bot send into a group in a minute. */
const GROUP_MINUTE = 20;
/** Telegram counts when they arrive: the first one may have been on its way so much longer than the last one. */
const WAY_MS = { second: 100, minute: 2 * SECOND_MS } as const;

/** What Telegram lets a bot send: 30 messages a second in all, about one a second into a chat, 20 a minute into a group,
 *  whose topics share them. In a group, decisions have four of those for themselves, and need not keep the distance that
 *  all else keeps: each is there within about a second. */
function toBudgets({ privateMs, groupMs }: TelegramPace): readonly Budget[] {
  const minute = Math.max(GROUP_MINUTE, Math.floor(MINUTE_MS / groupMs));
  return [
    { keyOf: () => 'all', count: 30, perMs: SECOND_MS + WAY_MS.second, keep: [5, 5] },
    { keyOf: personOf, count: 1, perMs: privateMs },
    { keyOf: groupOf, count: 1, perMs: Math.min(privateMs, groupMs) },
    { keyOf: groupOf, count: 3, perMs: groupMs, keep: [2, 0] },
    { keyOf: groupOf, count: minute, perMs: MINUTE_MS + WAY_MS.minute, keep: [4, 4] },
  ];
}

/** A large file takes the longest. */
const TIMEOUT_MS = 90 * SECOND_MS;

export function toPolicy(pauseAfterMs: number, pace: TelegramPace): TransportPolicy {
  return {
    retryMs: [2 * SECOND_MS, 10 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS],
    timeoutMs: TIMEOUT_MS,
    concurrency: 64,
    pauseAfterMs,
    budgets: toBudgets(pace),
    // The other topics of a chat need not ask to hear the same.
    holdOf: chatOf,
  };
}
