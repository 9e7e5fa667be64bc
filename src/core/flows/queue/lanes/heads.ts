import type { FlowParts } from '../../parts.ts';
import type { TurnOrder } from './turn-order.ts';
import type { Waiter } from './waiter.ts';

export interface HeadsDeps {
  readonly parts: Pick<FlowParts, 'store' | 'log'>;
  readonly order: Pick<TurnOrder, 'unread' | 'note'>;
  /** The disk refused. */
  readonly failed: (workspace: string) => void;
}

/** Reads the heads of the queues that the next decision is about. */
export async function readHeads(deps: HeadsDeps, may: (waiter: Waiter) => boolean): Promise<void> {
  const { order } = deps;
  for (let unread = order.unread(may); unread.length > 0; unread = order.unread(may)) {
    await Promise.all(unread.map((waiter) => readHead(deps, waiter)));
  }
}

async function readHead({ parts: { store, log }, order, failed }: HeadsDeps, waiter: Waiter): Promise<void> {
  const { workspace } = waiter;
  try {
    order.note(waiter, await store.readHead(workspace));
  } catch (error) {
    log.error({ workspace, error: String(error) }, 'lane.head_not_read');
    failed(workspace);
  }
}
