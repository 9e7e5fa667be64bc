import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createProblem, ProblemError } from '../answers/problem.ts';
import type { HttpSettings } from './settings.ts';

/** Of a caller: its key, or its address where it has none. */
export interface RateLimit {
  /** Counts one request. Rejects with the problem when there were too many, and tells the headers of all answers. */
  spend(request: FastifyRequest, reply?: FastifyReply): Promise<void>;
}

export async function createRateLimit(app: FastifyInstance, settings: HttpSettings): Promise<RateLimit> {
  if (settings.rateLimitMax === 0) return { spend: async () => {} };
  await app.register(rateLimit, {
    global: false,
    max: settings.rateLimitMax,
    timeWindow: settings.rateLimitWindowMs,
    keyGenerator: ({ keyId, ip }) => (keyId === null ? `ip:${rateLimit.normalizeIP(ip)}` : `key:${keyId}`),
  });
  const take = app.createRateLimit();
  return {
    async spend(request, reply) {
      const taken = await take(request);
      if (taken.isAllowed) return;
      reply?.header('ratelimit-limit', String(taken.max));
      reply?.header('ratelimit-remaining', String(taken.remaining));
      reply?.header('ratelimit-reset', String(taken.ttlInSeconds));
      if (!taken.isExceeded) return;
      const retryAfter = Math.max(1, taken.ttlInSeconds);
      const detail = `more than ${taken.max} requests in ${settings.rateLimitWindowMs / 1000} s: wait ${retryAfter} s`;
      throw new ProblemError(createProblem('rate_limited', detail, { retryAfter }));
    },
  };
}
