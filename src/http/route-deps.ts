import type { GatewayApi } from '../core/ports/gateway/gateway.ts';
import type { Log } from '../core/ports/log.ts';
import type { RateLimit } from './door/rate-limit.ts';
import type { HttpSettings } from './door/settings.ts';
import type { Patience } from './sockets/socket-output.ts';
import type { Tickets } from './door/tickets.ts';

/** What routes may use: each asks for what it needs. */
export interface RouteDeps extends GatewayApi {
  readonly settings: HttpSettings;
  readonly log: Log;
  /** Aborts when the server closes, so that no long poll holds it up. */
  readonly closing: AbortSignal;
  /** With clients of a stream or a terminal. */
  readonly patience: Patience;
  readonly tickets: Tickets;
  readonly rateLimit: RateLimit;
}
