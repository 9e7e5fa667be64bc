import type { Store } from '../../ports/store.ts';
import type { RecentEvents } from './recent-events.ts';
import { readBatch } from './stored-events.ts';

export interface PullDeps {
  readonly store: Store;
  readonly recent: RecentEvents;
  /** More is known of. */
  readonly added: () => void;
  readonly failed: (error: unknown) => void;
}

/** Takes over what was appended, one read at a time, however often it is called meanwhile. Never rejects. */
export function createPull({ store, recent, added, failed }: PullDeps): () => Promise<void> {
  /** Calls that came since the log is read. */
  let told = 0;

  async function takeBatch(): Promise<boolean> {
    const batch = await readBatch(store, recent.head());
    if (batch.length === 0) return false;
    recent.add(batch);
    added();
    return true;
  }

  return async () => {
    told += 1;
    if (told > 1) return;
    try {
      for (let seen = 0; seen !== told;) {
        seen = told;
        while (await takeBatch());
      }
    } catch (error) {
      failed(error);
    } finally {
      told = 0;
    }
  };
}
