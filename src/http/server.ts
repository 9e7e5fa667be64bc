import cors from '@fastify/cors';
import type { AddressInfo } from 'node:net';
import type { GatewayApi } from '../core/ports/gateway/gateway.ts';
import type { Log } from '../core/ports/log.ts';
import type { Metrics } from '../core/ports/metrics/metrics.ts';
import type { App } from './answers/app.ts';
import { acceptJsonBodies } from './answers/json/body.ts';
import { answerUnknownRoutes } from './answers/unknown-routes.ts';
import { createApp } from './answers/create-app.ts';
import { readIds } from './answers/logged-ids.ts';
import { keepBoundary } from './door/boundary.ts';
import { trackConnections } from './door/connections.ts';
import { guardRoutes, isProbe } from './door/guard.ts';
import { toBoundary } from './door/named-hosts.ts';
import { addBot } from './contracts/bot/bot.ts';
import { addBotSocket } from './contracts/bot/bot-socket.ts';
import { addQuick } from './contracts/quick/quick.ts';
import { addQuickSocket } from './contracts/quick/quick-socket.ts';
import { DOCS_PATH, documentRoutes } from './docs/openapi.ts';
import { addAudit } from './audit/audit.ts';
import { addApprovalRoutes } from './approvals/approvals.ts';
import { addDeliveryRoutes } from './deliveries/deliveries.ts';
import { addExecute } from './requests/execute.ts';
import { addHealthRoutes } from './health/health.ts';
import { addMetrics } from './metrics/metrics.ts';
import { addRequestList } from './requests/request-list.ts';
import { addEventStreams } from './streams/streams.ts';
import { addSessionRoutes } from './sessions/sessions.ts';
import { addStatusRoutes } from './requests/status.ts';
import { addKeyRoutes } from './keys/keys.ts';
import { addUsage } from './usage/usage.ts';
import { addWebhookRoutes } from './webhooks/webhooks.ts';
import { addTerminal } from './terminal/terminal.ts';
import { addPages, HOME_PAGE, TERMINAL_PAGE } from './pages/pages.ts';
import { PAGE_FILES_PATH } from './pages/page-files.ts';
import type { HttpSettings } from './door/settings.ts';
import type { RouteDeps } from './route-deps.ts';
import { PATIENCE, type Patience } from './sockets/socket-output.ts';
import { createTickets, type TicketClock } from './door/tickets.ts';
import { acceptWebSockets, shouldUpgrade } from './sockets/websockets.ts';

export interface HttpServer {
  /** Rejects when the port is taken. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Ends long polls with what they know, lets answers under way out, and ends every connection. */
  close(): Promise<void>;
  /** The OpenAPI document as YAML. */
  openApi(): string;
  readonly app: App;
}

export interface HttpServerDeps {
  readonly gateway: GatewayApi;
  readonly settings: HttpSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly version: string;
  readonly patience?: Patience;
  /** For the age of tickets. */
  readonly clock?: TicketClock;
}

/** They hold no secret, and need no key. */
const PUBLIC_PAGES = [HOME_PAGE, PAGE_FILES_PATH, DOCS_PATH, TERMINAL_PAGE];

export async function createHttpServer({
  gateway,
  settings,
  log,
  metrics,
  version,
  patience = PATIENCE,
  clock = { now: Date.now, elapsed: () => performance.now() },
}: HttpServerDeps): Promise<HttpServer> {
  const closing = new AbortController();
  const app = createApp(log, {
    http: { shouldUpgradeCallback: shouldUpgrade },
    trustedProxies: settings.trustedProxies,
  });
  acceptJsonBodies(app);
  answerUnknownRoutes(app, ': see /api-docs');
  logRequests(app, log, metrics);
  const connections = trackConnections(app, closing.signal, settings);
  // Before what may refuse, so that a refused upgrade is known as one, and its connection ended.
  await acceptWebSockets(app, log);
  keepBoundary(app, toBoundary(settings));
  // Before the guard, so that a browser can read also a 401 and a 429.
  await allowOrigins(app, settings);
  const tickets = createTickets(clock);
  const rateLimit = await guardRoutes(app, {
    ...{ settings, keys: gateway.keys, audit: gateway.audit, tickets, log },
    publicPages: PUBLIC_PAGES,
  });
  await documentRoutes(app, version);
  const deps = { ...gateway, settings, log, closing: closing.signal, patience, tickets, rateLimit };
  addRoutes(app, deps);
  addPages(app, version);
  addMetrics(app, { metrics });
  await app.ready();
  return {
    app,
    listen: async () => {
      // Fastify hands on what it does not know.
      const options = { host: settings.host, port: settings.port, reusePort: settings.reusePort ?? false };
      await app.listen(options);
      return { host: settings.host, port: (app.server.address() as AddressInfo).port };
    },
    close: () => {
      closing.abort();
      return connections.close();
    },
    openApi: () => app.swagger({ yaml: true }),
  };
}

function addRoutes(app: App, deps: RouteDeps): void {
  addExecute(app, deps);
  addStatusRoutes(app, deps);
  addRequestList(app, deps);
  addSessionRoutes(app, deps);
  addEventStreams(app, deps);
  addTerminal(app, deps);
  addBot(app, deps);
  addBotSocket(app, deps);
  addQuick(app, deps);
  addQuickSocket(app, deps);
  addApprovalRoutes(app, deps);
  addDeliveryRoutes(app, deps);
  addWebhookRoutes(app, deps);
  addUsage(app, deps);
  addKeyRoutes(app, deps);
  addAudit(app, deps);
  addHealthRoutes(app, deps);
}

function logRequests(app: App, log: Log, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, keyId } = request;
    const route = request.routeOptions.url ?? null;
    // What probes ask every few seconds is news only when the answer is bad.
    const level = isProbe(route) && reply.statusCode === 200 ? 'debug' : 'info';
    metrics.answered({ method, route, status: reply.statusCode, ms: reply.elapsedTime });
    const ids = readIds(request, reply);
    const ms = Math.round(reply.elapsedTime);
    log[level]({ method, route, status: reply.statusCode, ms, keyId, ...ids }, 'http.request');
    done();
  });
}

async function allowOrigins(app: App, { corsOrigins }: HttpSettings): Promise<void> {
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    credentials: false,
    methods: ['GET', 'POST', 'DELETE'],
    allowedHeaders: [
      'Content-Type',
      'X-API-Key',
      'Authorization',
      'Idempotency-Key',
      'If-None-Match',
      'Last-Event-ID',
      'Prefer',
    ],
    exposedHeaders: [
      'Location',
      'Allow',
      'ETag',
      'Retry-After',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      'Idempotent-Replayed',
      'Gatehouse-Fetch',
      'Gatehouse-Kept-Branch',
      'Preference-Applied',
    ],
    maxAge: 600,
    strictPreflight: false,
  });
}
