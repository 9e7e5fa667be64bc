import { endsRequest, type EventRecord, isNarration } from '../core/model/event.ts';
import { isCursorLost } from '../core/model/errors.ts';
import type { EventsApi } from '../core/ports/gateway/events.ts';
import type { Log } from '../core/ports/log.ts';
import type { Store } from '../core/ports/store.ts';
import { readOn } from '../lib/read-on.ts';
import type { Exporter } from './exporter.ts';
import { toPhases } from './spans.ts';

export interface Traced {
  readonly events: EventsApi;
  readonly store: Pick<Store, 'readRequest' | 'listEvents' | 'readEventSpan'>;
}

const BATCH = 500;

/** Tells of each request that ends from now on, once, as its events say. Resolves when it has begun, with the end of it. */
export async function traceRequests(
  { events, store }: Traced,
  exporter: Pick<Exporter, 'tell'>,
  log: Pick<Log, 'warn'>,
  signal: AbortSignal,
): Promise<{ readonly over: Promise<void> }> {
  const tell = async (requestId: string): Promise<void> => {
    const request = await store.readRequest(requestId);
    if (request === null || request.trace === null) return;
    exporter.tell(request, toPhases(request, await readWay(store, requestId)));
  };
  return readOn(
    {
      readLast: async () => (await store.readEventSpan()).last,
      follow: (after, until) => events.follow({}, after, until),
      take: async (event) => (endsRequest(event) && event.requestId !== null ? tell(event.requestId) : undefined),
      failed: (error) => log.warn({ error: String(error) }, 'tracing.behind'),
      isGone: isCursorLost,
    },
    signal,
  );
}

/** Without what was said and done in it, which is most. */
async function readWay(store: Traced['store'], requestId: string): Promise<readonly EventRecord[]> {
  const way: EventRecord[] = [];
  for (let after = 0; ;) {
    const batch = await store.listEvents(after, BATCH, { requestId });
    way.push(...batch.filter(({ type }) => !isNarration(type)));
    if (batch.length < BATCH) return way;
    after = batch.at(-1)?.seq ?? after;
  }
}
