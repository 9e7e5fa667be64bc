import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../core/model/errors.ts';
import type { App } from './app.ts';
import { createKeyFinder } from './auth.ts';
import { DOCS_PATH } from './openapi.ts';
import { createProblem, ProblemError } from './problem.ts';
import { TERMINAL_PAGE } from './routes/terminal-page.ts';
import type { HttpSettings } from './settings.ts';
import type { Tickets } from './tickets.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The id of the caller's key; null on public routes and with authentication off. */
    keyId: string | null;
  }
}

/** Lets a request in when its route is public or its key is valid, and within its rate limit.
 *  Who has no valid key counts against the address, never against the key of somebody else. */
export async function guardRoutes(app: App, settings: HttpSettings, tickets: Tickets): Promise<void> {
  const findKeyId = createKeyFinder(settings.keys);
  const count = settings.rateLimitMax > 0 ? await createCounter(app, settings) : null;
  app.decorateRequest('keyId', null);
  app.addHook('onRequest', async (request, reply) => {
    if (isPublic(request)) return;
    request.keyId = settings.auth ? (findKeyId(request.headers) ?? useTicket(request, tickets)) : null;
    await count?.(request, reply);
    if (settings.auth && request.keyId === null) {
      throw new GatewayError('unauthorized', 'send a valid key as X-API-Key, or as Authorization: Bearer');
    }
  });
}

/** On WebSockets only: browsers set headers on everything else. */
function useTicket({ ws, query }: FastifyRequest, tickets: Tickets): string | null {
  const { ticket } = query as { readonly ticket?: unknown };
  return ws && typeof ticket === 'string' ? tickets.use(ticket) : null;
}

function isPublic(request: FastifyRequest): boolean {
  const route = request.routeOptions.url;
  if (route === undefined) return false;
  const isPage = [DOCS_PATH, TERMINAL_PAGE].some((page) => route === page || route.startsWith(`${page}/`));
  return isPage || isProbe(route);
}

export function isProbe(route: string | null | undefined): boolean {
  return route === '/livez' || route === '/readyz';
}

type Count = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

async function createCounter(app: App, settings: HttpSettings): Promise<Count> {
  await app.register(rateLimit, {
    global: false,
    max: settings.rateLimitMax,
    timeWindow: settings.rateLimitWindowMs,
    keyGenerator: ({ keyId, ip }) => (keyId === null ? `ip:${rateLimit.normalizeIP(ip)}` : `key:${keyId}`),
  });
  const take = app.createRateLimit();
  return async (request, reply) => {
    const taken = await take(request);
    if (taken.isAllowed) return;
    reply.header('ratelimit-limit', String(taken.max));
    reply.header('ratelimit-remaining', String(taken.remaining));
    reply.header('ratelimit-reset', String(taken.ttlInSeconds));
    if (!taken.isExceeded) return;
    const retryAfter = Math.max(1, taken.ttlInSeconds);
    const detail = `more than ${taken.max} requests in ${settings.rateLimitWindowMs / 1000} s: wait ${retryAfter} s`;
    throw new ProblemError(createProblem('rate_limited', detail, { retryAfter }));
  };
}
