import type { GatewayApi } from '../core/ports/gateway.ts';
import type { Log } from '../core/ports/log.ts';
import { version } from '../lib/version.ts';
import { createHttpServer } from './server.ts';

/** The OpenAPI document as YAML. No route is called for it, so it needs no gateway. */
export async function renderOpenApi(): Promise<string> {
  const gateway = {} as GatewayApi;
  const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
  const settings = {
    host: '127.0.0.1',
    port: 0,
    auth: true,
    keys: [],
    rateLimitMax: 0,
    rateLimitWindowMs: 60_000,
    corsOrigins: [],
    version,
  };
  const server = await createHttpServer({ gateway, settings, log });
  try {
    return server.openApi();
  } finally {
    await server.close();
  }
}
