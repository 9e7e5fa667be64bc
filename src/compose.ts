import type { Config } from './config/config.ts';
import type { GatewayApi } from './core/ports/gateway.ts';
import type { Log } from './core/ports/log.ts';

// Until the parts that take them are here.
export type { Clock } from './core/ports/clock.ts';
export type { Ids } from './core/ports/ids.ts';
export type { Workspaces } from './core/ports/workspaces.ts';

export interface Gateway {
  /** Null when the HTTP API is off. */
  readonly httpAddress: { readonly host: string; readonly port: number } | null;
  readonly hookPort: number;
  readonly api: GatewayApi;
  /** Not ready, no new claims, streams closed; running turns go on in tmux. */
  drain(): Promise<void>;
  /** As drain, and ends the agents' sessions and the tmux server. */
  down(): Promise<void>;
}

/** @throws Error whose message tells a user what to change, such as the variable of a port that is taken. */
export function createGateway(
  _config: Config,
  _deps: { readonly log: Log; readonly apiKey: string },
): Promise<Gateway> {
  return Promise.reject(new Error('the gateway is not joined together yet'));
}
