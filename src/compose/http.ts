import { createHash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { GatewayApi } from '../core/ports/gateway/gateway.ts';
import type { Log } from '../core/ports/log.ts';
import type { Metrics } from '../core/ports/metrics/metrics.ts';
import { createHttpServer, type HttpServer } from '../http/server.ts';
import { namesOf } from '../lib/net/called-as.ts';
import { version } from '../lib/version.ts';

export interface OpenHttp {
  readonly server: HttpServer;
  readonly address: { readonly host: string; readonly port: number };
}

export interface HttpParts {
  readonly gateway: GatewayApi;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly apiKey: string;
}

/** @throws Error that names the variable of a taken port. */
export async function openHttp(config: Config, { gateway, metrics, log, apiKey }: HttpParts): Promise<OpenHttp> {
  const { host, port, auth, rateLimitMax, rateLimitWindowMs, corsOrigins, allowedHosts, trustedProxies } = config.http;
  const settings = {
    host,
    port,
    // The container holds its ports while no gateway listens on them.
    reusePort: config.agent.stewardSocket !== null,
    hosts: namesOf(host, allowedHosts),
    trustedProxies,
    auth,
    keys: [{ id: 'default', sha256: createHash('sha256').update(apiKey).digest() }],
    rateLimitMax,
    rateLimitWindowMs,
    corsOrigins,
    defaultTimeoutMs: config.limits.turnTimeoutMs,
    botWorkspace: config.botWorkspace,
  };
  const server = await createHttpServer({ gateway, settings, log, metrics, version });
  const address = await server.listen().catch(async (cause: unknown) => {
    await server.close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`HTTP_API_PORT: port ${port} on ${host} is taken: stop what uses it or choose another`, { cause });
  });
  return { server, address };
}
