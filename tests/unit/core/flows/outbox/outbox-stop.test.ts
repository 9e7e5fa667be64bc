import { expect, test } from '@jest/globals';
import { createOutbox } from '../../../../../src/core/flows/outbox/outbox.ts';
import type { OutboxDeps } from '../../../../../src/core/flows/outbox/outbox.ts';
import type { Store } from '../../../../../src/core/ports/store.ts';
import { createFakeClock } from '../../../../helpers/fake-clock.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function open(store: Partial<Store>) {
  const clock = createFakeClock();
  let appended = (): void => {};
  const onAppended: Store['onAppended'] = (listener) => {
    appended = listener;
    return () => {};
  };
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const settings = { deliveryGiveUpMs: 1_000_000 };
  const retellProgress = async (): Promise<void> => {};
  const parts = {
    store: { onAppended, retellProgress, ...store },
    clock,
    log,
    settings,
    chance: () => 0,
    transports: new Map(),
  };
  return { clock, outbox: createOutbox({ parts } as unknown as OutboxDeps), append: () => appended() };
}

test('an outbox that stops while its store fails leaves no timer behind', async () => {
  const { clock, outbox, append } = open({
    listOwedLanes: async () => {
      throw new Error('the disk is away');
    },
  });
  outbox.start();
  append();
  append();
  await settled();
  expect(clock.pending()).toBe(1);
  append();
  await outbox.stop();
  await settled();
  expect(clock.pending()).toBe(0);
});

test('a lane that comes to the gate while the outbox stops begins no attempt', async () => {
  const head = Promise.withResolvers<null>();
  const begun: string[] = [];
  const delivery = { id: 'msg', to: 'memory:a', kind: 'answer', owedSince: 1_700_000_000_000 };
  const { outbox } = open({
    listOwedLanes: async () => ({ lanes: ['memory:a'], latest: 1 }),
    async readLaneHead() {
      await head.promise;
      return { delivery, failing: null, isProven: false, isUnsure: false } as never;
    },
    async beginDelivery(id) {
      begun.push(id);
      throw new Error('begun');
    },
  });
  outbox.start();
  await settled();
  const stopped = outbox.stop();
  head.resolve(null);
  await stopped;
  expect(begun).toEqual([]);
});
