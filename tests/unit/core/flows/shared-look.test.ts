import { describe, expect, test } from '@jest/globals';
import { shareLook } from '../../../../src/core/flows/shared-look.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';
import { openHouse } from './house.ts';

const many = <T>(ask: () => Promise<T>): Promise<readonly T[]> => Promise.all(Array.from({ length: 100 }, ask));

describe('a shared look', () => {
  function openLook() {
    const clock = createFakeClock();
    const under: PromiseWithResolvers<number>[] = [];
    const ask = shareLook(clock, () => {
      const look = Promise.withResolvers<number>();
      under.push(look);
      return look.promise;
    });
    return { clock, under, ask };
  }

  test('is one for all who ask while it is under way, however long that takes', async () => {
    const { clock, under, ask } = openLook();
    const first = many(ask);
    clock.advance(60_000);
    const second = many(ask);
    expect(under).toHaveLength(1);
    under[0]?.resolve(7);
    expect(new Set([...(await first), ...(await second)])).toEqual(new Set([7]));
  });

  test('is shown for less than a second from its begin', async () => {
    const { clock, under, ask } = openLook();
    const first = ask();
    under[0]?.resolve(1);
    await first;
    clock.advance(999);
    expect(await ask()).toBe(1);
    clock.advance(1);
    const second = ask();
    under[1]?.resolve(2);
    expect(await second).toBe(2);
  });

  test('that fails is shared as well, and the next one is another', async () => {
    const { clock, under, ask } = openLook();
    const asked = Promise.allSettled([ask(), ask()]);
    under[0]?.reject(new Error('no'));
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    clock.advance(1_000);
    const second = ask();
    under[1]?.resolve(2);
    expect(await second).toBe(2);
  });
});

describe('A2: what a hundred ask at once', () => {
  test('of the health is one look', async () => {
    let looks = 0;
    await using house = await openHouse({ countSessions: async () => (looks += 1) });
    await house.start();
    const found = await many(() => house.api.health.check());
    expect(looks).toBe(1);
    expect(found.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 'healthy'));
  });

  test('of the sessions, and of one of them, is one look at their agents', async () => {
    let looks = 0;
    await using house = await openHouse({ inspected: async () => void (looks += 1) });
    await house.start();
    for (const workspace of ['a', 'b']) await house.ended(await house.ask(workspace, 'hello'));
    await many(() => house.api.sessions.list());
    const found = await many(() => house.api.sessions.read('a'));
    expect(looks).toBe(1);
    expect(found[0]).toMatchObject({ attach: "tmux attach -t '=claude-a'", activeRequests: 0, totalRequests: 1 });
  });

  test('shows an agent that has just come, and what has just been asked', async () => {
    await using house = await openHouse();
    await house.start();
    await house.ended(await house.ask('a', 'hello'));
    await house.api.sessions.list();
    await house.ended(await house.ask('a', 'again'));
    await house.ended(await house.ask('b', 'hello'));
    expect(await house.api.sessions.list()).toMatchObject([
      { workspace: 'a', totalRequests: 2 },
      { workspace: 'b', attach: "tmux attach -t '=claude-b'" },
    ]);
  });
});

describe('A21: a gateway whose disk refuses', () => {
  test('takes no work, and takes it again when it can store', async () => {
    let isFull = true;
    await using house = await openHouse({
      wrapStore: (store) => ({
        ...store,
        async probe() {
          if (isFull) throw new Error('the disk is full');
          await store.probe();
        },
      }),
    });
    expect(await house.api.health.takesWork()).toBe(false);
    await house.start();
    expect(await house.api.health.takesWork()).toBe(false);
    isFull = false;
    house.clock.advance(1_000);
    expect(await house.api.health.takesWork()).toBe(true);
    await house.drain();
    expect(await house.api.health.takesWork()).toBe(false);
  });
});
