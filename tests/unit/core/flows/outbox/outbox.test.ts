import { describe, expect, test } from '@jest/globals';
import type { DeliveryRecord } from '../../../../../src/core/model/delivery.ts';
import type { Outcome, TransportPolicy } from '../../../../../src/core/ports/transport.ts';
import { createMemoryTransport, type MemoryTransport } from '../../../../helpers/memory-transport.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from '../house.ts';

const HOUR_MS = 3_600_000;
const SENT: Outcome = { kind: 'sent' };
const NOT_NOW: Outcome = { kind: 'retry', error: 'busy' };

interface Bench {
  readonly house: House;
  readonly transport: MemoryTransport;
  /** A request that ends at once, with its answer owed to this address. */
  owe(to: string, prompt?: string): Promise<string>;
  deliveryOf(requestId: string): Promise<DeliveryRecord>;
  reached(requestId: string, state: DeliveryRecord['state']): Promise<DeliveryRecord>;
}

async function withOutbox(
  act: (bench: Bench) => Promise<void>,
  policy: Partial<TransportPolicy> = {},
  options: HouseOptions = {},
): Promise<void> {
  const transport = createMemoryTransport(policy);
  await using house = await openHouse({ transports: new Map([['memory', transport]]), ...options });
  await house.start();
  const deliveryOf = async (id: string): Promise<DeliveryRecord> => {
    const [delivery] = (await house.api.requests.read(id)).deliveries;
    if (delivery === undefined) throw new Error(`nothing is owed of ${id}`);
    return delivery;
  };
  await act({
    house,
    transport,
    async owe(to, prompt = 'hi') {
      const id = await house.ask(to.replaceAll(/\W/g, '-'), prompt, { replyTo: to });
      await house.ended(id);
      return id;
    },
    deliveryOf,
    async reached(id, state) {
      await until(async () => (await deliveryOf(id)).state === state);
      return deliveryOf(id);
    },
  });
}

const texts = (transport: MemoryTransport): readonly string[] =>
  transport.taken.map(({ request }) => request?.prompt ?? '');

describe('what is owed', () => {
  test('is sent once its request has ended, with what became of it', () =>
    withOutbox(async ({ transport, owe, reached }) => {
      const id = await owe('memory:a');
      expect(await reached(id, 'sent')).toMatchObject({ to: 'memory:a', kind: 'answer', attempts: 1, lastError: null });
      expect(transport.attempts).toMatchObject([{ request: { id, state: 'completed' }, isUnsure: false }]);
    }));

  test('is told as an event that is not of its request', () =>
    withOutbox(async ({ house, owe, reached }) => {
      const id = await owe('memory:a');
      const { id: deliveryId } = await reached(id, 'sent');
      const told = (await house.store.listEvents(0, 100)).filter(({ type }) => type === 'delivery.sent');
      expect(told).toMatchObject([
        { requestId: null, data: { deliveryId, requestId: id, kind: 'answer', attempts: 1 } },
      ]);
    }));

  test('is tried again as the schedule says, and nothing of its address overtakes it', () =>
    withOutbox(async ({ house, transport, owe, reached, deliveryOf }) => {
      transport.answer(() => NOT_NOW);
      const first = await owe('memory:a', 'one');
      const second = await owe('memory:a', 'two');
      await until(
        async () => (await deliveryOf(first)).attempts === 1 && (await deliveryOf(first)).state === 'waiting',
      );
      expect(await deliveryOf(first)).toMatchObject({ lastError: 'busy', nextAttemptAt: house.clock.now() + 5_000 });
      house.clock.advance(5_000);
      await until(
        async () => (await deliveryOf(first)).attempts === 2 && (await deliveryOf(first)).state === 'waiting',
      );
      transport.answer(() => SENT);
      house.clock.advance(59_000);
      expect(await deliveryOf(second)).toMatchObject({ attempts: 0, state: 'waiting' });
      house.clock.advance(1_000);
      await reached(second, 'sent');
      expect(texts(transport)).toEqual(['one', 'two']);
    }));

  test('waits as long as the address itself says', () =>
    withOutbox(async ({ house, transport, owe, reached, deliveryOf }) => {
      transport.answer(() => ({ ...NOT_NOW, afterMs: 90_000 }));
      const id = await owe('memory:a');
      await until(async () => (await deliveryOf(id)).lastError !== null);
      transport.answer(() => SENT);
      house.clock.advance(89_999);
      expect(await deliveryOf(id)).toMatchObject({ attempts: 1 });
      house.clock.advance(1);
      await reached(id, 'sent');
    }));

  test.each([-HOUR_MS / 2, -3 * HOUR_MS, HOUR_MS / 2])(
    'is tried again in its time when the clock is set by %i ms meanwhile, and something else is owed then',
    async (byMs) =>
      withOutbox(
        async ({ house, transport, owe, reached, deliveryOf }) => {
          transport.answer(() => NOT_NOW);
          const id = await owe('memory:a');
          await until(async () => (await deliveryOf(id)).lastError !== null);
          house.clock.set(byMs);
          transport.answer(() => SENT);
          house.clock.advance(4_000);
          await owe('memory:a', 'more');
          house.clock.advance(1_000);
          await reached(id, 'sent');
        },
        { retryMs: [5_000, HOUR_MS] },
      ),
  );

  test('is refused for good, says why, and the next one goes on', () =>
    withOutbox(async ({ transport, owe, reached }) => {
      transport.answer(({ request }) => (request?.prompt === 'bad' ? { kind: 'refused', error: 'too long' } : SENT));
      const bad = await owe('memory:a', 'bad');
      const good = await owe('memory:a', 'good');
      expect(await reached(bad, 'refused')).toMatchObject({ lastError: 'too long', attempts: 1, nextAttemptAt: null });
      await reached(good, 'sent');
    }));

  test('is given up after its time, with the last error, and the next one is tried', () =>
    withOutbox(
      async ({ house, transport, owe, reached, deliveryOf }) => {
        transport.answer(() => NOT_NOW);
        const id = await owe('memory:a', 'one');
        await until(async () => (await deliveryOf(id)).lastError !== null);
        house.clock.advance(9_000);
        const later = await owe('memory:a', 'two');
        transport.answer(() => SENT);
        house.clock.advance(1_000);
        expect(await reached(id, 'given_up')).toMatchObject({ lastError: 'busy' });
        house.clock.advance(5_000);
        await reached(later, 'sent');
      },
      { retryMs: [8_000, 5_000] },
      { settings: { deliveryGiveUpMs: 10_000 } },
    ));

  test('of no transport that is configured now waits for one', () =>
    withOutbox(async ({ house }) => {
      await house.store.accept(
        {
          id: 'old',
          workspace: 'w',
          agent: 'claude',
          source: 'http',
          identity: { transport: 'http', user_id: null, channel_id: 'x', thread_id: null },
          priority: 'normal',
          prompt: 'hi',
          timeoutMs: 60_000,
          replyTo: 'smoke:1',
          createdAt: house.clock.now(),
        },
        { total: 10, perSession: 10 },
        null,
      );
      const how = { state: 'cancelled', reason: null, error: null, text: null, usage: null } as const;
      await house.store.endQueued('old', how, house.clock.now());
      await until(async () => (await house.store.listDeliveries({ requestId: 'old' }, null, 1))[0]?.lastError);
      expect(await house.store.listDeliveries({ requestId: 'old' }, null, 1)).toMatchObject([
        { state: 'waiting', lastError: 'no smoke is configured here' },
      ]);
    }));

  test('that was refused is sent again when somebody asks', () =>
    withOutbox(async ({ house, transport, owe, reached }) => {
      transport.answer(() => ({ kind: 'refused', error: 'no' }));
      const id = await owe('memory:a');
      const { id: deliveryId } = await reached(id, 'refused');
      transport.answer(() => SENT);
      expect(await house.api.deliveries.repeat(deliveryId)).toMatchObject({ state: 'waiting', endedAt: null });
      expect(await reached(id, 'sent')).toMatchObject({ attempts: 2 });
      await expect(house.api.deliveries.repeat(deliveryId)).rejects.toMatchObject({ code: 'delivery_not_ended' });
      await expect(house.api.deliveries.repeat('nobody')).rejects.toMatchObject({ code: 'not_found' });
    }));
});

test('each message of a delivery is let in by itself, and what it became is known to the next attempt', () =>
  withOutbox(
    async ({ house, transport, owe, reached, deliveryOf }) => {
      transport.answer(({ messages }) =>
        messages.length < 2 ? { kind: 'part', messages: [...messages, `part ${messages.length}`] } : SENT,
      );
      const id = await owe('memory:a');
      for (const count of [1, 2]) {
        await until(async () => (await deliveryOf(id)).messages.length === count);
        expect(transport.attempts).toHaveLength(count);
        house.clock.advance(1_000);
      }
      expect(await reached(id, 'sent')).toMatchObject({ attempts: 1, messages: ['part 0', 'part 1'] });
      expect(transport.attempts.map(({ messages, isUnsure }) => [messages.length, isUnsure])).toEqual([
        [0, false],
        [1, false],
        [2, false],
      ]);
    },
    { budgets: [{ keyOf: () => '', count: 1, perMs: 1_000 }] },
  ));

test('who asks for patience holds those that wait with it, and nobody else', () =>
  withOutbox(
    async ({ house, transport, owe, reached }) => {
      transport.answer(({ to }) => (to === 'memory:g-1' ? { kind: 'retry', error: 'slow', afterMs: 20_000 } : SENT));
      await owe('memory:g-1');
      await until(() => transport.attempts.length === 1);
      const held = await owe('memory:g-2');
      await reached(await owe('memory:h-1'), 'sent');
      expect(transport.attempts.map(({ to }) => to)).toEqual(['memory:g-1', 'memory:h-1']);
      transport.answer(() => SENT);
      house.clock.advance(20_000);
      await reached(held, 'sent');
    },
    { holdOf: (address) => address.split('-')[0] ?? '' },
  ));

describe('an attempt', () => {
  test('that takes too long is aborted, and the next one is unsure', () =>
    withOutbox(async ({ house, transport, owe, reached, deliveryOf }) => {
      transport.answer(() => 'hold');
      const id = await owe('memory:a');
      await until(() => transport.attempts.length === 1);
      house.clock.advance(15_000);
      await until(async () => (await deliveryOf(id)).lastError !== null);
      transport.answer(() => SENT);
      house.clock.advance(5_000);
      expect(await reached(id, 'sent')).toMatchObject({ lastError: 'no answer within 15000 ms' });
      expect(transport.attempts.map(({ isUnsure }) => isUnsure)).toEqual([false, true]);
    }));

  test('that a dead process had under way is made again at once by the next one, unsure', async () => {
    await using first = await openHouse({ transports: new Map([['memory', createMemoryTransport()]]) });
    const id = await first.ask('w', 'hi', { replyTo: 'memory:a' });
    await first.store.claim('w', first.clock.now());
    const how = { state: 'completed', reason: null, error: null, text: 'ok', usage: null } as const;
    await first.store.end({ id, epoch: 1 }, how, first.clock.now());
    const [owed] = await first.store.listDeliveries({}, null, 1);
    await first.store.beginDelivery(owed?.id ?? '');
    await first.start();
    await until(async () => (await first.store.listDeliveries({}, null, 1))[0]?.state === 'sent');
    expect((await first.store.listDeliveries({}, null, 1))[0]).toMatchObject({ attempts: 2 });
  });

  test('that hangs at one address holds up no other', () =>
    withOutbox(async ({ transport, owe, reached }) => {
      const dead = Promise.withResolvers<Outcome>();
      transport.answer(({ to }) => (to === 'memory:dead' ? dead.promise : SENT));
      await owe('memory:dead');
      await reached(await owe('memory:living'), 'sent');
      dead.resolve(SENT);
    }));

  test('that breaks is told, and made again', () =>
    withOutbox(async ({ house, transport, owe, reached, deliveryOf }) => {
      transport.answer(() => {
        throw new Error('a bug');
      });
      const id = await owe('memory:a');
      await until(async () => (await deliveryOf(id)).lastError !== null);
      expect(house.logged).toContain('delivery.broke');
      transport.answer(() => SENT);
      house.clock.advance(6_000);
      await reached(id, 'sent');
    }));
});

test('an address that fails for long is shown as paused by /health, which stays healthy, until it takes something', () =>
  withOutbox(
    async ({ house, transport, owe, reached, deliveryOf }) => {
      const shown = async () => (await house.api.health.check()).checks.gateway;
      transport.answer(() => NOT_NOW);
      const id = await owe('memory:a');
      for (const attempts of [1, 2, 3]) {
        await until(
          async () => (await deliveryOf(id)).attempts === attempts && (await deliveryOf(id)).state === 'waiting',
        );
        house.clock.advance(attempts < 3 ? 60_000 : 0);
      }
      expect(await shown()).toMatchObject({
        healthy: true,
        transports: [{ name: 'memory', failing: 1, paused: [{ to: 'memory:a', lastError: 'busy' }] }],
      });
      transport.answer(() => SENT);
      house.clock.advance(60_000);
      await reached(id, 'sent');
      expect(await shown()).toMatchObject({ transports: [{ failing: 0, paused: [] }] });
    },
    { pauseAfterMs: 60_000 },
  ));

test('at the end of the gateway attempts under way have a moment, and none begins', () =>
  withOutbox(async ({ house, transport, owe }) => {
    const gate = Promise.withResolvers<Outcome>();
    transport.answer(() => gate.promise);
    const id = await owe('memory:a', 'one');
    await owe('memory:a', 'two');
    await until(() => transport.attempts.length === 1);
    const drained = house.drain();
    gate.resolve(SENT);
    await drained;
    expect(transport.attempts).toHaveLength(1);
    expect(await house.store.listDeliveries({ requestId: id }, null, 1)).toMatchObject([{ state: 'sent' }]);
  }));
