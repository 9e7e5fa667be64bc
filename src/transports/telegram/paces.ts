import type { Budget, TransportPolicy } from '../../core/ports/transport.ts';
import { readPlace } from './address.ts';

const chatOf = (address: string): string => readPlace(address)?.chat ?? address;
const isGroup = (address: string): boolean => chatOf(address).startsWith('-');

/** What Telegram lets a bot send: 30 messages a second in all, about one a second into a private chat, 20 a minute into a
 *  group, whose topics share them. */
export const PACES: readonly Budget[] = [
  { keyOf: () => 'all', count: 30, perMs: 1_000 },
  { keyOf: (address) => (isGroup(address) ? null : chatOf(address)), count: 1, perMs: 1_100 },
  { keyOf: (address) => (isGroup(address) ? chatOf(address) : null), count: 1, perMs: 3_100 },
  { keyOf: (address) => (isGroup(address) ? chatOf(address) : null), count: 20, perMs: 60_000 },
];

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** An attempt may be an answer of several messages, each of which waits for its turn. */
export const TIMEOUT_MS = 180 * SECOND_MS;

export function toPolicy(pauseAfterMs: number, budgets: readonly Budget[]): TransportPolicy {
  return {
    retryMs: [2 * SECOND_MS, 10 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS],
    timeoutMs: TIMEOUT_MS,
    concurrency: 64,
    pauseAfterMs,
    budgets,
  };
}
