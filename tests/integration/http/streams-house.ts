import { createEventFeed } from '../../../src/core/flows/events/event-feed.ts';
import { createUsage } from '../../../src/core/flows/usage/usage.ts';
import type { EventRecord } from '../../../src/core/model/event.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import type { HttpSettings } from '../../../src/http/door/settings.ts';
import type { TicketClock } from '../../../src/http/door/tickets.ts';
import { PATIENCE, type Patience } from '../../../src/http/sockets/socket-output.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { aRequest, COMPLETED, enqueue, mustClaim, T0, withStore } from '../../contract/store-fixtures.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { openHttpServer, type TestServer } from '../../helpers/http-server.ts';

/** The real server over the real log of events. */
export interface StreamHouse extends TestServer {
  readonly store: Store;
  /** Accepts a request and begins it. */
  begin(id: string): Promise<void>;
  say(id: string, text: string): Promise<EventRecord>;
  /** Says so much at once. */
  sayMuch(id: string, bytes: number): Promise<void>;
  end(id: string): Promise<void>;
  /** As when the gateway drains. */
  drain(): void;
  events(requestId?: string): Promise<readonly EventRecord[]>;
}

export interface StreamHouseOptions {
  readonly settings?: Partial<HttpSettings>;
  readonly patience?: Partial<Patience>;
  readonly clock?: TicketClock;
}

export function withStreams(
  act: (house: StreamHouse) => Promise<void>,
  options: StreamHouseOptions = {},
): Promise<void> {
  const { settings = {}, patience = {}, clock } = options;
  return withStore(openSqliteStore, async ({ store }) => {
    const feed = createEventFeed(store);
    const gateway = createFakeGateway({
      events: feed,
      usage: createUsage({ store, clock: createFakeClock(), settings: { dailyMaxMicroUsd: null } }),
      requests: { list: (filter, behind, limit) => store.listRequests(filter, behind, limit) },
    });
    await using http = await openHttpServer(settings, gateway, { ...PATIENCE, ...patience }, clock);
    const say = (requestId: string, text: string): Promise<EventRecord> =>
      store.appendEvent({
        type: 'agent.said',
        requestId,
        workspace: 'demo',
        at: T0,
        data: { messageId: 'm', text, final: false },
      });
    await act({
      ...http,
      store,
      async begin(id) {
        await enqueue(store, aRequest(id));
        await mustClaim(store);
      },
      say,
      async sayMuch(id, bytes) {
        const text = 'x'.repeat(4_000);
        for (let said = 0; said < bytes; said += text.length * 100)
          await Promise.all(Array.from({ length: 100 }, () => say(id, text)));
      },
      async end(id) {
        await store.end({ id, epoch: 1 }, COMPLETED, T0);
      },
      drain: () => feed.close(),
      events: (requestId) => store.listEvents(0, 100_000, requestId === undefined ? {} : { requestId }),
    });
  });
}
