import type {
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  FastifyBaseLogger,
} from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';

declare module 'fastify' {
  interface FastifyRequest {
    /** The id of the key that the caller showed; null when no key is needed. */
    keyId: string | null;
  }
  interface FastifyInstance {
    /** Aborts when the server closes: those who wait for an end are answered. */
    closing: AbortSignal;
  }
  interface FastifyContextConfig {
    /** No key needed. */
    open?: boolean;
  }
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
