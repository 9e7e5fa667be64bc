import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { ServerOptions } from 'node:http';
import type { Log } from '../../core/ports/log.ts';
import type { App } from './app.ts';
import { BODY_MAX_BYTES } from './json/body.ts';
import { answerClientError, createFailureHandler } from './failures.ts';
import { SECURITY_HEADERS, sendSecurityHeaders } from './headers/security.ts';
import { endUnreadAnswers } from './unread.ts';
import { compileValidator } from './validation.ts';

export interface AppOptions {
  readonly http?: ServerOptions;
  /** Whose `X-Forwarded-For` is believed; empty: nobody's. */
  readonly trustedProxies?: readonly string[];
  /** A client has this long to send its whole request. */
  readonly requestTimeoutMs?: number;
  /** So long it may take nothing of an answer. */
  readonly unreadMs?: number;
}

const REQUEST_TIMEOUT_MS = 30_000;
const UNREAD_MS = 60_000;
const CHECK_EVERY_MS = 1_000;

/** Fastify as every listener has it: bounded, and with a problem document for each failure. */
export function createApp(log: Log, options: AppOptions = {}): App {
  const { http, trustedProxies = [], requestTimeoutMs = REQUEST_TIMEOUT_MS, unreadMs = UNREAD_MS } = options;
  const fail = createFailureHandler(log);
  const app = fastify({
    logger: false,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: requestTimeoutMs,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // Node keeps the longer of the two, and that for headers is a minute by default.
    http: { connectionsCheckingInterval: CHECK_EVERY_MS, headersTimeout: requestTimeoutMs, ...http },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 1024, ignoreTrailingSlash: true },
    // No hook has seen what comes here.
    frameworkErrors: (error, request, reply) => fail(error, request, reply.headers(SECURITY_HEADERS)),
    clientErrorHandler: answerClientError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(compileValidator);
  // Documents are built field by field and proven against openapi.yaml by tests: nothing is dropped or coerced here.
  app.setSerializerCompiler(() => (document) => JSON.stringify(document));
  app.setErrorHandler(fail);
  sendSecurityHeaders(app);
  endUnreadAnswers(app, unreadMs);
  return app;
}
