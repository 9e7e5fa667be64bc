import { isPassing } from '../model/errors.ts';
import type { FlowParts } from './parts.ts';

const RETRY_MS = 1_000;

/** What happened is not given up because the disk refuses it for a while. Undefined: given up, for it is over here. */
export async function untilStored<T>(
  { clock, log }: Pick<FlowParts, 'clock' | 'log'>,
  failure: string,
  isOver: () => boolean,
  write: () => Promise<T>,
): Promise<T | undefined> {
  while (!isOver()) {
    try {
      return await write();
    } catch (error) {
      log.error({ error: String(error) }, failure);
      await rest(clock);
    }
  }
  return undefined;
}

/** For what the next step needs: it waits while the database is away. Any other error is thrown, and this one, too, when
 *  it is over here. */
export async function whileAway<T>(
  { clock, log }: Pick<FlowParts, 'clock' | 'log'>,
  failure: string,
  isOver: () => boolean,
  ask: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || isOver()) throw error;
      log.warn({ error: String(error) }, failure);
      await rest(clock);
    }
  }
}

function rest(clock: FlowParts['clock']): Promise<void> {
  return new Promise((resolve) => clock.after(RETRY_MS, () => resolve()));
}
