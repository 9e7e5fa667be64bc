import type { Update } from 'telegraf/types';
import { Refusal } from './refusal.ts';
import type { Args } from './methods.ts';
import type { World } from './world.ts';

/** getUpdates: one asks at a time, and what is behind the offset is forgotten. */
export interface UpdateQueue {
  get(args: Args, gone: AbortSignal): Promise<readonly Update[]>;
  /** Something came. */
  wake(): void;
  /** The offsets that were asked for, oldest first; null: none was named. */
  readonly offsets: readonly (number | null)[];
}

const CONFLICT = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';

export function createUpdateQueue(world: World): UpdateQueue {
  const offsets: (number | null)[] = [];
  let waiting: { readonly end: (conflict: boolean) => void } | null = null;

  function due(args: Args): readonly Update[] {
    const wanted = args['allowed_updates'] as readonly string[] | undefined;
    const isWanted = (update: Update): boolean => wanted === undefined || wanted.some((name) => name in update);
    return world.updates.filter(isWanted).slice(0, Number(args['limit'] ?? 100));
  }

  return {
    offsets,
    wake: () => waiting?.end(false),
    async get(args, gone) {
      const offset = args['offset'] === undefined ? null : Number(args['offset']);
      offsets.push(offset);
      waiting?.end(true);
      if (offset !== null) {
        const kept = world.updates.filter(({ update_id }) => update_id >= offset);
        world.updates.splice(0, world.updates.length, ...kept);
      }
      const found = due(args);
      const seconds = Number(args['timeout'] ?? 0);
      if (found.length > 0 || seconds === 0) return found;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), seconds * 1_000);
      const own = { end: resolve };
      waiting = own;
      gone.addEventListener('abort', () => resolve(false));
      const isConflict = await promise;
      clearTimeout(timer);
      if (waiting === own) waiting = null;
      if (isConflict) throw new Refusal(409, CONFLICT);
      return due(args);
    },
  };
}
