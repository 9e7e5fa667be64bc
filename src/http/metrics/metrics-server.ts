import type { AddressInfo } from 'node:net';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics/metrics.ts';
import { createApp } from '../answers/create-app.ts';
import { answerUnknownRoutes } from '../answers/unknown-routes.ts';
import { keepBoundary } from '../door/boundary.ts';
import { trackConnections } from '../door/connections.ts';
import { withoutPages } from '../door/named-hosts.ts';
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
    /** Names by which it may be called, beside addresses and those of this machine. */
    readonly hosts: readonly string[];
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
  keepBoundary(app, withoutPages(settings.hosts));
  addMetrics(app, { metrics });
  await app.ready();
  return {
    async listen() {
      const { host, port, reusePort } = settings;
      // Fastify hands on what it does not know.
      const options = { host, port, reusePort };
      await app.listen(options);
      return { host, port: (app.server.address() as AddressInfo).port };
    },
    close() {
      closing.abort();
      return connections.close();
    },
  };
}
