import type { AddressInfo } from 'node:net';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics/metrics.ts';
import { createApp } from '../answers/create-app.ts';
import { answerUnknownRoutes } from '../answers/unknown-routes.ts';
import { trackConnections } from '../door/connections.ts';
import { addMetrics } from './metrics.ts';

export interface MetricsServer {
  /** Rejects when the port is taken. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Lets answers under way out, and ends every connection. */
  close(): Promise<void>;
}

export interface MetricsServerDeps {
  readonly metrics: Metrics;
  readonly settings: {
    readonly host: string;
    /** 0 takes any free port. */
    readonly port: number;
    /** Shares the port with other sockets of this user (SO_REUSEPORT). */
    readonly reusePort: boolean;
  };
  readonly log: Log;
}

/** GET /metrics and nothing else, without a key: a listener of its own. */
export async function createMetricsServer({ metrics, settings, log }: MetricsServerDeps): Promise<MetricsServer> {
  const closing = new AbortController();
  const app = createApp(log);
  answerUnknownRoutes(app, ' of the metrics: GET /metrics is');
  const connections = trackConnections(app, closing.signal);
  addMetrics(app, { metrics });
  await app.ready();
  return {
    async listen() {
      // Fastify hands on what it does not know.
      const options = { ...settings };
      await app.listen(options);
      return { host: settings.host, port: (app.server.address() as AddressInfo).port };
    },
    close() {
      closing.abort();
      return connections.close();
    },
  };
}
