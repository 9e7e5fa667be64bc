import type { RequestRecord } from '../../model/request.ts';
import type { Usage } from '../../model/usage/usage.ts';
import type { FlowParts } from '../parts.ts';
import { untilStored } from '../until-stored.ts';

/** Notes what turns took where the agent tells it behind their ends. */
export interface LateUsage {
  /** Its end is stored as one whose usage is pending. */
  follow(request: Pick<RequestRecord, 'id' | 'epoch' | 'workspace'>, usage: Promise<Usage | null>): void;
  /** What is still to come has its moment; what the disk refuses then is read again by the next process. Resolves when
   *  nothing is followed any more. */
  stop(): Promise<void>;
}

export interface LateUsageDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'log'>;
  /** Something of this address was held until now. */
  readonly freed: (address: string) => void;
}

/** What has not come by then is not known. Drivers give up before. */
const LATE_MS = 3_000;

export function createLateUsage({ parts, freed }: LateUsageDeps): LateUsage {
  const { store, clock, log } = parts;
  const following = new Set<Promise<void>>();
  let isStopping = false;

  async function note(request: Pick<RequestRecord, 'id' | 'epoch' | 'workspace'>, told: Promise<Usage | null>) {
    const usage = await inTime(told);
    let isTried = false;
    const isOver = (): boolean => isStopping && isTried;
    const held = await untilStored(parts, 'usage.not_stored', isOver, () => {
      isTried = true;
      return store.noteUsage(request, usage, clock.now());
    });
    for (const address of held ?? []) freed(address);
  }

  async function inTime(told: Promise<Usage | null>): Promise<Usage | null> {
    const late = Promise.withResolvers<null>();
    const callOff = clock.after(LATE_MS, () => late.resolve(null));
    return Promise.race([told, late.promise]).finally(callOff);
  }

  return {
    follow(request, usage) {
      const noting = note(request, usage)
        .catch((error: unknown) => log.error({ requestId: request.id, error: String(error) }, 'usage.not_noted'))
        .finally(() => following.delete(noting));
      following.add(noting);
    },
    async stop() {
      isStopping = true;
      await Promise.all(following);
    },
  };
}
