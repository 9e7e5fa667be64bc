import { endsRequest, type EventRecord, isNarration } from '../core/model/event.ts';
import type { EventsApi } from '../core/ports/gateway/events.ts';
import type { Store } from '../core/ports/store.ts';
import type { Exporter } from './exporter.ts';
import { toPhases } from './spans.ts';

export interface Traced {
  readonly events: EventsApi;
  readonly store: Pick<Store, 'readRequest' | 'listEvents'>;
}

const BATCH = 500;

/** Tells of each request that ends from now on, as its events say. Resolves when it has begun, with the end of it. */
export async function traceRequests(
  { events, store }: Traced,
  exporter: Pick<Exporter, 'tell'>,
  signal: AbortSignal,
): Promise<{ readonly over: Promise<void> }> {
  const batches = await events.follow({}, undefined, signal);
  const follow = async (): Promise<void> => {
    for await (const batch of batches ?? []) {
      for (const event of batch) if (endsRequest(event) && event.requestId !== null) await tell(event.requestId);
    }
  };
  const tell = async (requestId: string): Promise<void> => {
    const request = await store.readRequest(requestId);
    if (request === null || request.trace === null) return;
    exporter.tell(request, toPhases(request, await readWay(store, requestId)));
  };
  return { over: follow() };
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
