import { describe, expect, test } from '@jest/globals';
import type { Transport } from '../../../../../src/core/ports/transport.ts';
import { createMemoryTransport, type MemoryTransport } from '../../../../helpers/memory-transport.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from '../house.ts';

const URL = 'https://a.example/';
const LANE = `webhook:${URL}`;
const HOOK = { url: URL, events: ['request.completed' as const] };

async function withWebhooks(
  act: (house: House, memory: MemoryTransport) => Promise<void>,
  options: HouseOptions = {},
): Promise<void> {
  const memory = createMemoryTransport();
  const webhooks: Transport = { ...memory, name: 'webhook', parseAddress: (address) => address };
  await using house = await openHouse({ transports: new Map([['webhook', webhooks]]), ...options });
  await house.start();
  await act(house, memory);
}

describe('a webhook that is deleted', () => {
  test('takes its failures with it: what others owe to its address is sent at once', () =>
    withWebhooks(async (house, memory) => {
      const { webhook } = await house.api.webhooks.create(HOOK);
      memory.answer(() => ({ kind: 'retry', error: 'busy' }));
      await house.ended(await house.ask('w', 'one'));
      await until(async () => (await house.store.readLaneHead(LANE))?.failing);
      memory.answer(() => ({ kind: 'sent' }));
      await house.api.webhooks.delete(webhook.id);
      const id = await house.ask('w', 'two', { replyTo: LANE });
      await until(async () => (await house.api.requests.read(id)).deliveries[0]?.state === 'sent');
      expect(memory.taken.map(({ request }) => request?.id)).toEqual([id]);
    }));

  test('gets nothing of what a process that died at it had not refused yet', () =>
    withWebhooks(
      async (house, memory) => {
        await house.api.webhooks.create(HOOK);
        await house.ended(await house.ask('w', 'one'));
        await until(async () => (await house.store.listDeliveries({ state: 'refused' }, null, 1))[0]);
        expect(memory.attempts).toEqual([]);
      },
      { wrapStore: (store) => ({ ...store, readWebhook: async () => null }) },
    ));
});
