import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../../core/model/errors.ts';
import type { App } from '../answers/app.ts';
import { createKeyFinder } from './auth.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import type { HttpSettings } from './settings.ts';
import type { Tickets } from './tickets.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The id of the caller's key; null on public routes and with authentication off. */
    keyId: string | null;
  }
}

export interface GuardParts {
  readonly settings: HttpSettings;
  readonly tickets: Tickets;
  /** Paths that need no key, with all that lies below them. */
  readonly publicPages: readonly string[];
}

/** Lets a request in when its route is public or its key is valid, and within its rate limit.
 *  Who has no valid key counts against the address, never against the key of somebody else. */
export async function guardRoutes(app: App, { settings, tickets, publicPages }: GuardParts): Promise<RateLimit> {
  const findKeyId = createKeyFinder(settings.keys);
  const limit = await createRateLimit(app, settings);
  app.decorateRequest('keyId', null);
  app.addHook('onRequest', async (request, reply) => {
    if (isPublic(request, publicPages)) return;
    request.keyId = settings.auth ? (findKeyId(request.headers) ?? useTicket(request, tickets)) : null;
    await limit.spend(request, reply);
    if (settings.auth && request.keyId === null) {
      throw new GatewayError('unauthorized', 'send a valid key as X-API-Key, or as Authorization: Bearer');
    }
  });
  return limit;
}

/** On WebSockets only: browsers set headers on everything else. */
function useTicket({ ws, query }: FastifyRequest, tickets: Tickets): string | null {
  const { ticket } = query as { readonly ticket?: unknown };
  return ws && typeof ticket === 'string' ? tickets.use(ticket) : null;
}

function isPublic(request: FastifyRequest, pages: readonly string[]): boolean {
  const route = request.routeOptions.url;
  if (route === undefined) return false;
  const isPage = pages.some((page) => route === page || route.startsWith(`${page}/`));
  return isPage || isProbe(route);
}

export function isProbe(route: string | null | undefined): boolean {
  return route === '/livez' || route === '/readyz';
}
