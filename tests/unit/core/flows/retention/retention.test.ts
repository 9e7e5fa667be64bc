import { describe, expect, test } from '@jest/globals';
import { createRetention, type RetentionParts } from '../../../../../src/core/flows/retention/retention.ts';
import type { Store } from '../../../../../src/core/ports/store.ts';
import { until } from '../../../../helpers/until.ts';
import { type House as Flows, openHouse } from '../house.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type House = Flows & { readonly told: readonly string[] };

interface Options {
  readonly settings?: Partial<RetentionParts['settings']>;
  readonly wrapStore?: (store: Store) => Store;
}

/** The flows, and what forgets beside them. */
async function openTidyHouse({ settings = {}, wrapStore = (store) => store }: Options = {}): Promise<House> {
  const house = await openHouse({ settings: { queueMax: 1_000, sessionQueueMax: 1_000 } });
  const told: string[] = [];
  const tell = (_fields: object, event: string): void => void told.push(event);
  const retention = createRetention({
    store: wrapStore(house.store),
    clock: house.clock,
    log: { debug: tell, info: tell, warn: tell, error: tell },
    settings: { retentionMs: null, retentionMaxBytes: null, idempotencyTtlMs: DAY_MS, ...settings },
  });
  await house.start();
  retention.begin();
  return {
    ...house,
    told,
    async drain() {
      await retention.stop();
      await house.drain();
    },
    async [Symbol.asyncDispose]() {
      await retention.stop();
      await house[Symbol.asyncDispose]();
    },
  };
}

/** Moves time on, minute by minute, until it is so. */
async function pass(house: House, check: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    house.clock.advance(60_000);
    return check();
  });
}

async function runMany(house: House, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await house.ask('demo', `job ${n}`));
  for (const id of ids) await house.ended(id);
  return ids;
}

const idsOf = async ({ store }: House): Promise<readonly string[]> =>
  (await store.listRequests({}, null, 1_000)).map(({ id }) => id);

describe('retention', () => {
  test('forgets each hour what ended so long ago, and says how much', async () => {
    await using house = await openTidyHouse({ settings: { retentionMs: DAY_MS } });
    await runMany(house, 40);
    house.clock.advance(DAY_MS - HOUR_MS);
    const young = await house.ask('demo', 'young');
    await house.ended(young);
    house.clock.advance(HOUR_MS);
    await pass(house, async () => house.told.includes('retention.forgotten'));
    expect(await idsOf(house)).toEqual([young]);
  });

  test('forgets nothing for its age without a limit', async () => {
    await using house = await openTidyHouse();
    const ids = await runMany(house, 2);
    house.clock.advance(400 * DAY_MS);
    house.clock.advance(60_000);
    expect((await idsOf(house)).toSorted()).toEqual([...ids].toSorted());
  });

  test('a reader who comes back with a number whose followers are gone is told so', async () => {
    await using house = await openTidyHouse({ settings: { retentionMs: DAY_MS } });
    await runMany(house, 3);
    house.clock.advance(2 * DAY_MS);
    await pass(house, async () => house.told.includes('retention.forgotten'));
    await expect(house.api.events.follow({}, 2, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'cursor_gone',
    });
    expect(await house.api.events.follow({}, 0, AbortSignal.timeout(5_000))).not.toBeNull();
  });

  test('beyond its size the oldest goes first, as far as is needed, and nothing of the last hour', async () => {
    await using house = await openTidyHouse(sized({ maxRequests: 30 }));
    const ids = await runMany(house, 60);
    await house.store.probe();
    house.clock.advance(HOUR_MS / 2);
    await pass(house, async () => house.told.includes('retention.too_large'));
    expect(await idsOf(house)).toHaveLength(60);
    house.clock.advance(HOUR_MS);
    await pass(house, async () => house.told.includes('retention.forgotten'));
    const left = await idsOf(house);
    expect(left.length).toBeLessThanOrEqual(30);
    expect(left.length).toBeGreaterThan(0);
    expect(left).toEqual(ids.toReversed().slice(0, left.length));
  });

  test('a store that fails is asked again an hour later', async () => {
    let isBroken = true;
    const wrapStore = (store: Store): Store => ({
      ...store,
      forget: async (...args) => {
        if (isBroken) throw new Error('the disk is away');
        return store.forget(...args);
      },
    });
    await using house = await openTidyHouse({ wrapStore, settings: { retentionMs: DAY_MS } });
    await runMany(house, 1);
    await until(() => house.told.includes('retention.failed'));
    isBroken = false;
    house.clock.advance(2 * DAY_MS);
    await pass(house, async () => house.told.includes('retention.forgotten'));
    expect(await idsOf(house)).toEqual([]);
  });

  test('ends in the middle when the gateway stops', async () => {
    const begun = Promise.withResolvers<void>();
    const wrapStore = (store: Store): Store => ({
      ...store,
      async forget(...args) {
        const step = await store.forget(...args);
        begun.resolve();
        return { ...step, isOver: false };
      },
    });
    await using house = await openTidyHouse({ wrapStore, settings: { retentionMs: DAY_MS } });
    await begun.promise;
    await house.drain();
    expect(house.clock.pending()).toBe(0);
  });
});

/** A store whose size is the number of its requests. */
function sized({ maxRequests }: { readonly maxRequests: number }): Options {
  return {
    settings: { retentionMaxBytes: maxRequests },
    wrapStore: (store) => ({
      ...store,
      readUsedBytes: async () => (await store.listRequests({}, null, 1_000)).length,
    }),
  };
}
