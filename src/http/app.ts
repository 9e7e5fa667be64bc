import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { GatewayApi } from '../core/ports/gateway.ts';
import type { HttpSettings } from './settings.ts';

/** Fastify, with the types of requests taken from their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What every route may use. */
export interface RouteDeps {
  readonly gateway: GatewayApi;
  readonly settings: HttpSettings;
  /** Aborts when the server closes, so that no long poll holds it up. */
  readonly closing: AbortSignal;
}
