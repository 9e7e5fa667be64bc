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
      await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
    }
  }
  return undefined;
}
