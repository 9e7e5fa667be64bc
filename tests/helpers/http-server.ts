import { createHash } from 'node:crypto';
import type { Log } from '../../src/core/ports/log.ts';
import type { Metrics } from '../../src/core/ports/metrics/metrics.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import type { HttpSettings } from '../../src/http/door/settings.ts';
import type { TicketClock } from '../../src/http/door/tickets.ts';
import { PATIENCE, type Patience } from '../../src/http/sockets/socket-output.ts';
import { createFakeGateway, type FakeGateway } from './fake-gateway/fake-gateway.ts';
import { NO_METRICS } from './no-metrics.ts';
import { createApiClient, type ApiClient } from './openapi-fetch.ts';

export const KEY = 'test-key-0123456789abcdefghij';
export const OTHER_KEY = 'other-key-0123456789abcdefghi';

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface TestServer extends AsyncDisposable {
  readonly server: HttpServer;
  readonly gateway: FakeGateway;
  readonly baseUrl: string;
  readonly port: number;
  /** Sends KEY. */
  readonly api: ApiClient;
  readonly anonymous: ApiClient;
  readonly lines: readonly LogLine[];
}

/** The real server on a free port, before a fake gateway. */
export async function openHttpServer(
  settings: Partial<HttpSettings> = {},
  gateway: FakeGateway = createFakeGateway(),
  patience: Patience = PATIENCE,
  clock?: TicketClock,
  metrics: Metrics = NO_METRICS,
): Promise<TestServer> {
  const lines: LogLine[] = [];
  const server = await createHttpServer({
    gateway,
    patience,
    ...(clock !== undefined && { clock }),
    log: createMemoryLog(lines),
    metrics,
    version: '0.0.0-test',
    settings: {
      host: '127.0.0.1',
      port: 0,
      auth: true,
      keys: [
        { id: 'one', sha256: sha256(KEY) },
        { id: 'two', sha256: sha256(OTHER_KEY) },
      ],
      rateLimitMax: 0,
      rateLimitWindowMs: 60_000,
      corsOrigins: ['*'],
      hosts: [],
      trustedProxies: [],
      botWorkspace: 'bot',
      defaultTimeoutMs: 1_800_000,
      ...settings,
    },
  });
  const { port } = await server.listen();
  const baseUrl = `http://127.0.0.1:${port}`;
  return {
    server,
    gateway,
    baseUrl,
    port,
    api: createApiClient({ baseUrl, key: KEY }),
    anonymous: createApiClient({ baseUrl }),
    lines,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function createMemoryLog(lines: LogLine[]): Log {
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, event: string) => {
    lines.push({ level, event, fields });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
