import type { Config } from '../../config/config.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics/metrics.ts';
import { createMetricsServer } from '../../http/metrics/metrics-server.ts';
import { namesOf } from '../../lib/net/called-as.ts';

export interface MetricsPlace {
  readonly config: Pick<Config, 'metrics' | 'agent' | 'http'>;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Gets the closer. */
  readonly opened: AsyncDisposableStack;
}

/** Where metrics are read without a key; null without METRICS_PORT.
 *  @throws Error that names the variable of a taken port. */
export async function openMetricsServer({ config, metrics, log, opened }: MetricsPlace): Promise<Address | null> {
  const { host, port } = config.metrics;
  if (port === null) return null;
  // The container holds its ports while no gateway listens on them.
  const hosts = namesOf(host, config.http.allowedHosts);
  const settings = { host, port, hosts, reusePort: config.agent.stewardSocket !== null };
  const server = await createMetricsServer({ metrics, settings, log });
  opened.defer(() => server.close());
  return server.listen().catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`METRICS_PORT: port ${port} on ${host} is taken: stop what uses it or choose another`, { cause });
  });
}

interface Address {
  readonly host: string;
  readonly port: number;
}
