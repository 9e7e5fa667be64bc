import type { FastifyRequest, RouteOptions } from 'fastify';
import { GatewayError } from '../../core/model/errors.ts';
import type { AuditApi } from '../../core/ports/audit/audit.ts';
import type { KeysApi } from '../../core/ports/keys/keys.ts';
import type { Log } from '../../core/ports/log.ts';
import type { App } from '../answers/app.ts';
import { readIds } from '../answers/logged-ids.ts';
import { type Access, accessOf, admit, workspaceOf } from './access.ts';
import { type Callers, createCallers, type Shown } from './auth.ts';
import { ProblemError } from '../answers/problem.ts';
import { ANYBODY, whoOf } from './caller.ts';
import { endOfLostKeys } from './lost-keys.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import type { HttpSettings } from './settings.ts';
import type { Tickets } from './tickets.ts';

export interface GuardParts {
  readonly settings: HttpSettings;
  readonly keys: KeysApi;
  readonly audit: Pick<AuditApi, 'note'>;
  readonly tickets: Tickets;
  /** Paths that need no key, with all that lies below them. */
  readonly publicPages: readonly string[];
  readonly log: Log;
}

/** Lets a request in when its route is public, or its key is valid, within its limits, and for this.
 *  Who has no valid key counts against the address, never against the key of somebody else. */
export async function guardRoutes(app: App, parts: GuardParts): Promise<RateLimit> {
  const { settings, keys, tickets, publicPages, log } = parts;
  const callers = createCallers({ own: settings.keys, keys });
  const limit = await createRateLimit(app, settings);
  const lost = endOfLostKeys(app, callers, log);
  app.decorateRequest('caller', null);
  app.decorateRequest('keyId', null);
  app.decorateRequest('hasGuessed', false);
  app.addHook('onRoute', (route) => mustBeNamed(route, publicPages));
  app.addHook('onRequest', async (request, reply) => {
    if (isPublic(request.routeOptions.url, publicPages)) return;
    // What a key opens is kept by nobody on the way.
    reply.header('cache-control', 'no-store');
    const shown = settings.auth ? await look(request, callers, tickets) : ({ kind: 'known', caller: ANYBODY } as const);
    request.caller = shown.kind === 'known' ? shown.caller : null;
    request.keyId = request.caller?.keyId ?? null;
    request.hasGuessed = shown.kind === 'wrong';
    await limit.spend(request, reply);
    if (request.caller === null) {
      throw new GatewayError('unauthorized', 'send a valid key as X-API-Key, or as Authorization: Bearer');
    }
    lost.watch(request, reply, request.caller);
  });
  app.addHook('preHandler', async (request) => {
    const { caller, method, routeOptions } = request;
    const access = routeOptions.url === undefined ? undefined : accessOf(method, routeOptions.url);
    if (caller === null || access === undefined) return;
    try {
      await admit({ keys, botWorkspace: settings.botWorkspace }, request, caller, access);
    } catch (error) {
      if (error instanceof ProblemError) await noteDenied(parts, request, access);
      throw error;
    }
  });
  return limit;
}

/** The refusal stands whether it can be written down or not. */
async function noteDenied(
  { audit, settings, log }: GuardParts,
  request: FastifyRequest,
  access: Access,
): Promise<void> {
  const subject = `${request.method} ${request.routeOptions.url}`;
  const who = whoOf(request);
  const workspace = workspaceOf(access, request, settings.botWorkspace);
  await audit
    .note({ who, action: 'access.denied', workspace, subject, detail: readIds(request) })
    .catch((error: unknown) => {
      log.error({ who, error: String(error) }, 'audit.not_noted');
    });
}

/** A ticket stands for a key on WebSockets only: browsers set headers on everything else. */
async function look({ ws, headers, query }: FastifyRequest, callers: Callers, tickets: Tickets): Promise<Shown> {
  const shown = await callers.find(headers);
  const { ticket } = query as { readonly ticket?: unknown };
  if (shown.kind !== 'nothing' || !ws || typeof ticket !== 'string') return shown;
  const caller = tickets.use(ticket);
  // One that was got with a secret that was rotated since stands for a key that is no more.
  return caller !== null && (await callers.isStill(caller)) ? { kind: 'known', caller } : { kind: 'wrong' };
}

/** @throws Error for a route of which nobody has said who may use it. */
function mustBeNamed({ method, url }: Pick<RouteOptions, 'method' | 'url'>, pages: readonly string[]): void {
  if (isPublic(url, pages)) return;
  const unnamed = [method].flat().find((one) => one !== 'OPTIONS' && accessOf(one, url) === undefined);
  if (unnamed !== undefined) throw new Error(`who may use ${unnamed} ${url}? say it in src/http/door/access.ts`);
}

function isPublic(route: string | undefined, pages: readonly string[]): boolean {
  if (route === undefined) return false;
  const isPage = pages.some((page) => route === page || route.startsWith(`${page}/`));
  return isPage || isProbe(route);
}

export function isProbe(route: string | null | undefined): boolean {
  return route === '/livez' || route === '/readyz';
}
