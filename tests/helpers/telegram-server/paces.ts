import type { Args } from './methods.ts';
import { Refusal } from './refusal.ts';

/** What a chat takes: of a group, all topics together. */
export interface Paces {
  /** @throws Refusal 429 for one too many. */
  take(method: string, args: Args): void;
}

const COUNTED: ReadonlySet<string> = new Set(['sendMessage', 'sendDocument', 'editMessageText']);
const GROUP = { count: 20, perMs: 60_000 };
/** About one a second: what is on its way for a moment longer than the one behind it is no offence. */
const PERSON = { count: 3, perMs: 3_000 };
const ALL = { count: 30, perMs: 1_000 };

export function createPaces(): Paces {
  const taken = new Map<string, number[]>();

  function take(key: string, { count, perMs }: typeof ALL): void {
    const now = performance.now();
    const recent = (taken.get(key) ?? []).filter((at) => at > now - perMs);
    const seconds = Math.ceil(((recent[0] ?? now) + perMs - now) / 1_000);
    if (recent.length >= count) throw new Refusal(429, `Too Many Requests: retry after ${seconds}`, seconds);
    taken.set(key, [...recent, now]);
  }

  return {
    take(method, { chat_id: chat }) {
      if (!COUNTED.has(method)) return;
      take('all', ALL);
      take(String(chat), String(chat).startsWith('-') ? GROUP : PERSON);
    },
  };
}
