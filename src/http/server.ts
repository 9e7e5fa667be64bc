import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { GatewayApi } from '../core/ports/gateway.ts';
import type { Log } from '../core/ports/log.ts';
import type { App } from './app.ts';
import { findKey } from './auth.ts';
import { countInFlight } from './in-flight.ts';
import { addDocs, isDocs } from './docs.ts';
import { sendProblem, toErrorHandler } from './problem.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addRequestRoutes } from './routes/requests.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import type { HttpSettings } from './settings.ts';

export interface HttpServer {
  /** Resolves when it takes requests. @throws Error that names HTTP_API_PORT when the port is taken. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Answers those who wait, ends open connections. */
  close(): Promise<void>;
  /** The OpenAPI document. */
  openApi(): string;
}

export interface HttpParts {
  readonly gateway: GatewayApi;
  readonly settings: HttpSettings;
  readonly log: Log;
}

/** A command of 256 kB, each of its bytes escaped as six characters of JSON. */
const BODY_MAX_BYTES = 262_144 * 6 + 65_536;
/** For a client that is slow to send its request. */
const REQUEST_TIMEOUT_MS = 30_000;
/** For answers under way when the server closes. */
const CLOSE_TIMEOUT_MS = 2_000;
const EXPOSED = [
  'Location',
  'Retry-After',
  'Idempotent-Replayed',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];

export async function createHttpServer({ gateway, settings, log }: HttpParts): Promise<HttpServer> {
  const closing = new AbortController();
  const app: App = fastify({
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    logger: false,
    routerOptions: { maxParamLength: 256 },
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    // Documents are built by hand from typed values; the response schemas are for the OpenAPI document.
    .setSerializerCompiler(() => (value) => JSON.stringify(value));

  const inFlight = countInFlight(app);
  app.decorate('closing', closing.signal);
  app.decorateRequest('keyId', null);
  app.setErrorHandler(toErrorHandler(log));
  app.removeContentTypeParser('text/plain');
  acceptEmptyJson(app);
  await addCors(app, settings.corsOrigins);
  if (settings.auth) requireKey(app, settings);
  if (settings.rateLimitMax > 0) {
    await app.register(rateLimit, {
      max: settings.rateLimitMax,
      timeWindow: settings.rateLimitWindowMs,
      enableDraftSpec: true,
      hook: 'preValidation',
      keyGenerator: (request) => request.keyId ?? request.ip,
      allowList: (request) => isDocs(request.url),
    });
  }
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 'not_found', `No route ${request.method} ${request.url.split('?')[0]}: see /api-docs`),
  );
  app.addHook('onResponse', async (request, reply) => {
    const fields = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    log.debug(fields, 'http.answered');
  });
  await addDocs(app, settings.version);
  await app.register(async (routes) => {
    addRequestRoutes(routes as App, gateway);
    addSessionRoutes(routes as App, gateway);
    addHealthRoutes(routes as App, gateway);
  });
  await app.ready();

  return {
    async listen() {
      const { host, port } = settings;
      await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error;
        throw new Error(`HTTP_API_PORT: port ${port} on ${host} is taken: stop what uses it or choose another`, {
          cause: error,
        });
      });
      const address = app.server.address();
      return { host, port: typeof address === 'object' && address !== null ? address.port : port };
    },
    async close() {
      closing.abort();
      const closed = app.close();
      const late = AbortSignal.timeout(CLOSE_TIMEOUT_MS);
      await Promise.race([inFlight.none(), new Promise((resolve) => late.addEventListener('abort', resolve))]);
      // What is left are connections without a request, and clients that do not read.
      app.server.closeAllConnections();
      await closed;
    },
    openApi: () => app.swagger({ yaml: true }),
  };
}

/** Everything but probes and docs needs a key; an unknown route too, so that nothing can be mapped without one. */
function requireKey(app: App, settings: HttpSettings): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.open === true || isDocs(request.url) || request.method === 'OPTIONS') return;
    request.keyId = findKey(request.headers, settings.keys);
    if (request.keyId !== null) return;
    void reply.header('WWW-Authenticate', 'Bearer realm="gatehouse"');
    await sendProblem(reply, 'unauthorized', 'Send your key as X-API-Key, or as Authorization: Bearer');
  });
}

async function addCors(app: App, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    credentials: false,
    methods: ['GET', 'POST', 'DELETE'],
    exposedHeaders: EXPOSED,
  });
}

/** Clients send `Content-Type: application/json` with nothing behind it to routes that take no body. */
function acceptEmptyJson(app: App): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') {
      done(null, undefined);
      return;
    }
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(Object.assign(new Error('The body is not JSON'), { statusCode: 400 }), undefined);
    }
  });
}
