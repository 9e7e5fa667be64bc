import type { OutgoingHttpHeaders } from 'node:http';
import type { Call } from './routes.ts';

/** `retryAfter`: full, for so many seconds. */
export interface Ruling {
  readonly retryAfter: number | null;
  readonly headers: OutgoingHttpHeaders;
}

const PER_MS = 5_000;

/** So many messages in five seconds for each channel; edits and all else have buckets of their own. */
export function createBuckets(count: number): { take(call: Call): Ruling } {
  const spent = new Map<string, number[]>();
  return {
    take({ method, path }: Call): Ruling {
      const [, channel] = /^\/channels\/(\d+)\/messages/.exec(path) ?? [];
      if (channel === undefined || method === 'GET') return { retryAfter: null, headers: {} };
      const key = `${method} ${channel}`;
      const now = Date.now();
      const recent = (spent.get(key) ?? []).filter((at) => at > now - PER_MS);
      const resetMs = (recent[0] ?? now) + PER_MS - now;
      const headers = {
        'x-ratelimit-bucket': `messages-${method}`,
        'x-ratelimit-limit': String(count),
        'x-ratelimit-remaining': String(Math.max(0, count - recent.length - 1)),
        'x-ratelimit-reset-after': String(resetMs / 1000),
        'x-ratelimit-scope': 'user',
      };
      if (recent.length >= count) {
        const retryAfter = resetMs / 1000;
        return { retryAfter, headers: { ...headers, 'retry-after': String(retryAfter) } };
      }
      spent.set(key, [...recent, now]);
      return { retryAfter: null, headers };
    },
  };
}
