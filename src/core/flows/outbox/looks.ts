import type { OutboxStore } from '../../ports/outbox-store.ts';

/** Finds what became owed. */
export interface Looks {
  /** Tells of the lanes of what became owed since the last look. */
  look(): Promise<void>;
}

/** One look at a time, each from where the one before ended. */
export function createLooks(
  store: Pick<OutboxStore, 'listOwedLanes'>,
  found: (lanes: readonly string[]) => void,
): Looks {
  let seen = 0;
  let looking: Promise<void> = Promise.resolve();

  async function lookOnce(): Promise<void> {
    const { lanes, latest } = await store.listOwedLanes(seen);
    seen = latest;
    found(lanes);
  }

  return {
    look() {
      const look = looking.then(lookOnce);
      looking = look.catch(() => {});
      return look;
    },
  };
}
