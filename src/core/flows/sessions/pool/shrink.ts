import type { FlowParts } from '../../parts.ts';
import type { Places } from './places.ts';
import type { Sleepers } from './sleepers.ts';

/** Puts sessions to sleep while more places are taken than there are. */
export interface Shrink {
  begin(): Promise<void>;
  stop(): void;
}

/** Until sessions that may not sleep are asked again. */
const AGAIN_MS = 2_000;

export interface ShrinkDeps {
  readonly parts: Pick<FlowParts, 'clock'>;
  readonly places: Places;
  readonly sleepers: Sleepers;
}

export function createShrink({ parts: { clock }, places, sleepers }: ShrinkDeps): Shrink {
  let isShrinking = false;
  let isStopped = false;
  let callOff = (): void => {};

  async function begin(): Promise<void> {
    if (isShrinking || isStopped) return;
    isShrinking = true;
    callOff();
    for (const workspace of sleepers.listIdle()) {
      if (places.areOverdrawn() && !isStopped && sleepers.isIdle(workspace)) await sleepers.fallAsleep(workspace);
    }
    isShrinking = false;
    if (places.areOverdrawn() && !isStopped) callOff = clock.after(AGAIN_MS, () => void begin());
  }

  return {
    begin,
    stop() {
      isStopped = true;
      callOff();
    },
  };
}
