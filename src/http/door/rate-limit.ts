import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createProblem, ProblemError } from '../answers/problem.ts';
import { POLL_SECONDS } from '../answers/waiting.ts';
import type { HttpSettings } from './settings.ts';
import { Windows } from './windows.ts';

/** Of a caller: its key, or its address where it has none. */
export interface RateLimit {
  /** Counts one request. Rejects with the problem when there were too many, and tells the headers of all answers. */
  spend(request: FastifyRequest, reply?: FastifyReply): Promise<void>;
}

/** What is counted by itself, so that nobody is kept from acting by what they read. Frames of a WebSocket act.
 *  `polling` has a count for each request that is looked at; who looks for too many that there are not is `reading`. */
type Kind = 'acting' | 'reading' | 'probing' | 'polling' | 'knocking';

const SAID: Readonly<Record<Kind, string>> = {
  acting: 'requests that act',
  reading: 'requests that read',
  probing: 'checks',
  polling: 'looks at this request',
  knocking: 'requests without a valid key',
};

const PROBED: ReadonlySet<string | undefined> = new Set(['/health', '/status']);
const POLLED: ReadonlySet<string | undefined> = new Set(['/status/:requestId', '/status/:requestId/output']);
/** Of each kind, callers and requests that are remembered, the latest ones. */
const COUNTS_MAX = 20_000;

/** Requests with a wrong key, of one address, also where RATE_LIMIT_MAX is off. Whoever comes from there with a right one is
 *  not refused for it. */
const GUESSES_MAX = 10;
const GUESSES_WINDOW_MS = 900_000;

export async function createRateLimit(app: FastifyInstance, settings: HttpSettings): Promise<RateLimit> {
  await app.register(rateLimit, { global: false, store: Windows, timeWindow: settings.rateLimitWindowMs });
  function take(kind: Kind): Take {
    const options = {
      // The store reads it, which the types of the plugin do not say.
      cache: COUNTS_MAX,
      max: (request: FastifyRequest) => readMax(request, kind, settings),
      keyGenerator: (request: FastifyRequest) => toCount(request, kind),
    };
    return app.createRateLimit(options);
  }
  // Each has a store of its own: no kind pushes the counts of another one out.
  const counts: Readonly<Record<Kind, Take>> = {
    acting: take('acting'),
    reading: take('reading'),
    probing: take('probing'),
    polling: take('polling'),
    knocking: take('knocking'),
  };
  const takeGuess = app.createRateLimit({
    max: GUESSES_MAX,
    timeWindow: GUESSES_WINDOW_MS,
    keyGenerator: ({ ip }) => rateLimit.normalizeIP(ip),
  });
  const isSearching = watchSearches(app, take('reading'));
  return {
    async spend(request, reply) {
      if (request.hasGuessed) tell(await takeGuess(request), 'requests with a wrong key', reply);
      const looked = readKind(request, settings.auth);
      if (readMax(request, looked, settings) === 0) return;
      const kind = looked === 'polling' && (await isSearching(request)) ? 'reading' : looked;
      tell(await counts[kind](request), SAID[kind], reply);
    },
  };
}

/** Looks for requests that there are not would each have a count of their own: they have one together. */
function watchSearches(app: FastifyInstance, take: Take): (request: FastifyRequest) => Promise<boolean> {
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode === 404 && request.caller !== null && POLLED.has(request.routeOptions.url))
      await take(request);
  });
  return async (request) => {
    const taken = await take(request, { increment: false });
    return !taken.isAllowed && taken.remaining === 0;
  };
}

type Take = ReturnType<FastifyInstance['createRateLimit']>;
type Taken = Awaited<ReturnType<Take>>;

/** @throws ProblemError `rate_limited` */
function tell(taken: Taken, what: string, reply: FastifyReply | undefined): void {
  if (taken.isAllowed) return;
  reply?.header('ratelimit-limit', String(taken.max));
  reply?.header('ratelimit-remaining', String(taken.remaining));
  reply?.header('ratelimit-reset', String(taken.ttlInSeconds));
  if (!taken.isExceeded) return;
  const retryAfter = Math.max(1, taken.ttlInSeconds);
  const detail = `more than ${taken.max} ${what} in ${taken.timeWindow / 1000} s: wait ${retryAfter} s`;
  throw new ProblemError(createProblem('rate_limited', detail, { retryAfter }));
}

/** 0: as many as come. */
function readMax({ caller }: FastifyRequest, kind: Kind, { rateLimitMax, rateLimitWindowMs }: HttpSettings): number {
  const max = caller?.rateLimitMax ?? rateLimitMax;
  if (kind !== 'polling' || max === 0) return max;
  // Who looks as often as it was told to is never refused, however low the limit is.
  return Math.max(max, Math.ceil((2 * rateLimitWindowMs) / (POLL_SECONDS * 1_000)));
}

function readKind({ method, ws, routeOptions, caller }: FastifyRequest, auth: boolean): Kind {
  if (auth && caller === null) return 'knocking';
  if (ws || (method !== 'GET' && method !== 'HEAD')) return 'acting';
  if (POLLED.has(routeOptions.url)) return 'polling';
  return PROBED.has(routeOptions.url) ? 'probing' : 'reading';
}

function toCount({ keyId, ip, params }: FastifyRequest, kind: Kind): string {
  const caller = keyId === null ? `ip:${rateLimit.normalizeIP(ip)}` : `key:${keyId}`;
  if (kind !== 'polling') return `${kind} ${caller}`;
  return `${kind} ${caller} ${(params as { readonly requestId: string }).requestId}`;
}
