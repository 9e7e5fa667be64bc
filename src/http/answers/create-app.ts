import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { ServerOptions } from 'node:http';
import type { Log } from '../../core/ports/log.ts';
import type { App } from './app.ts';
import { BODY_MAX_BYTES } from './body.ts';
import { answerClientError, createFailureHandler } from './failures.ts';
import { compileValidator } from './validation.ts';

/** A client has this long to send its whole request. */
const REQUEST_TIMEOUT_MS = 30_000;
const CHECK_EVERY_MS = 1_000;

/** Fastify as every listener has it: bounded, and with a problem document for each failure. */
export function createApp(log: Log, http: ServerOptions = {}, requestTimeoutMs = REQUEST_TIMEOUT_MS): App {
  const fail = createFailureHandler(log);
  const app = fastify({
    logger: false,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: requestTimeoutMs,
    // Node keeps the longer of the two, and that for headers is a minute by default.
    http: { connectionsCheckingInterval: CHECK_EVERY_MS, headersTimeout: requestTimeoutMs, ...http },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 1024, ignoreTrailingSlash: true },
    frameworkErrors: fail,
    clientErrorHandler: answerClientError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(compileValidator);
  // Documents are built field by field and proven against openapi.yaml by tests: nothing is dropped or coerced here.
  app.setSerializerCompiler(() => (document) => JSON.stringify(document));
  app.setErrorHandler(fail);
  return app;
}
