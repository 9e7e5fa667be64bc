import type { Config } from '../../config/config.ts';
import type { Log } from '../../core/ports/log.ts';
import { settlesWithin } from '../../lib/settles-within.ts';
import { version } from '../../lib/version.ts';
import type { Traced } from '../../tracing/tracing.ts';

export interface TracingPlace extends Traced {
  readonly config: Pick<Config, 'traces'>;
  readonly log: Log;
  /** Gets the closer. */
  readonly opened: AsyncDisposableStack;
}

const LAST_WORDS_MS = 2_000;

/** Tells a collector of requests, where one is named; what that takes is loaded only then. */
export async function openTracing({ config, log, opened, ...traced }: TracingPlace): Promise<void> {
  const { endpoint } = config.traces;
  if (endpoint === null) return;
  const [{ createExporter }, { traceRequests }] = await Promise.all([
    import('../../tracing/exporter.ts'),
    import('../../tracing/tracing.ts'),
  ]);
  const exporter = createExporter({ endpoint, version, log });
  const over = new AbortController();
  const { over: ended } = await traceRequests(traced, exporter, log, over.signal);
  opened.defer(async () => {
    over.abort();
    await ended;
    // A collector that is away holds up no end.
    await settlesWithin(
      exporter.close().catch(() => undefined),
      LAST_WORDS_MS,
      AbortSignal.any([]),
    );
  });
}
