import type { EventRecord } from '../../model/event.ts';
import { reaches } from '../../model/keys/key.ts';
import type { EventFilter, Store } from '../../ports/store.ts';
import { createPull } from './event-pull.ts';
import { createRecentEvents } from './recent-events.ts';
import { readStored, type Following } from './stored-events.ts';

/** The event log, followed at its end for as long as somebody reads. */
export interface EventTail {
  /** Each reader that joins has to leave. */
  join(): Promise<void>;
  leave(): void;
  read(filter: EventFilter, after: number): Promise<Following>;
  /** The number of the last event that is known of. */
  head(): number;
  /** The change is resolved when more is known of, and rejected when the log cannot be read. */
  wait(change: PromiseWithResolvers<void>): void;
  forget(change: PromiseWithResolvers<void>): void;
}

export function createEventTail(store: Store): EventTail {
  const recent = createRecentEvents();
  let readers = 0;
  let begun: Promise<void> = Promise.resolve();
  let unsubscribe = (): void => {};
  /** Of readers that have seen all. */
  const waiting = new Set<PromiseWithResolvers<void>>();
  const pull = createPull({
    store,
    recent,
    added: () => wake((reader) => reader.resolve()),
    failed: (error) => wake((reader) => reader.reject(error)),
  });

  async function begin(): Promise<void> {
    const { last } = await store.readEventSpan();
    recent.restart(last);
    unsubscribe = store.onAppended(() => void pull());
    void pull();
  }

  function wake(tell: (reader: PromiseWithResolvers<void>) => void): void {
    for (const reader of waiting) tell(reader);
    waiting.clear();
  }

  return {
    join() {
      readers += 1;
      // Who comes while the first one begins waits for that, and would otherwise read what was true before.
      if (readers === 1) begun = begin();
      return begun;
    },
    leave() {
      readers -= 1;
      if (readers === 0) unsubscribe();
    },
    async read(filter, after) {
      const held = recent.behind(after);
      if (held === null) return readStored(store, after, filter);
      return { events: held.filter((event) => fits(filter, event)), upTo: Math.max(after, recent.head()) };
    },
    head: () => recent.head(),
    wait: (change) => void waiting.add(change),
    forget: (change) => void waiting.delete(change),
  };
}

function fits({ requestId, workspace, reach = null }: EventFilter, event: EventRecord): boolean {
  return (
    (requestId ?? event.requestId) === event.requestId &&
    (workspace ?? event.workspace) === event.workspace &&
    reaches(reach, event.workspace)
  );
}
