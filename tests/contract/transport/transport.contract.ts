import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RequestRecord } from '../../../src/core/model/request.ts';
import type { DueDelivery, Transport } from '../../../src/core/ports/transport.ts';
import { NOTHING } from '../../helpers/deliver-whole.ts';
import { aDelivery } from '../../helpers/fake-gateway/deliveries.ts';
import { until } from '../../helpers/until.ts';

/** A transport, and the other end of it. */
export interface TransportBench {
  readonly transport: Transport;
  /** Where it delivers to. */
  readonly to: string;
  /** The same as a caller may spell it; null: callers cannot name its addresses. */
  readonly spelled: string | null;
  /** Spellings of no address of its own. */
  readonly wrongAddresses: readonly string[];
  /** How the other end behaves from now on. */
  behave(how: 'take' | 'not_now' | 'refuse' | 'silent'): void;
  /** What reached the other end: what names the delivery there, and what it says. */
  received(): readonly { readonly id: string; readonly content: string }[];
  /** What a delivery tells of, for one that needs it. */
  readonly request?: RequestRecord;
  close(): Promise<void>;
}

/** The promises of `core/ports/transport.ts`. Every transport passes all of them. */
export function describeTransport(name: string, open: () => Promise<TransportBench>): void {
  describe(name, () => {
    let bench: TransportBench;
    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench.close());

    const due = (id: string): DueDelivery => ({
      ...aDelivery({ id, to: bench.to }),
      ...NOTHING,
      request: bench.request ?? null,
    });
    const deliver = (id: string) => bench.transport.deliver(due(id), AbortSignal.timeout(10_000));
    const received = (id: string) => bench.received().filter((message) => message.id === id);

    test('an address is written in one way, which begins with the name of the transport', () => {
      const { transport, to, spelled } = bench;
      expect(to.startsWith(`${transport.name}:`)).toBe(true);
      expect(transport.example === null).toBe(spelled === null);
      if (spelled === null) return;
      for (const spelling of [spelled, to]) expect(transport.parseAddress(spelling, 'replyTo')).toBe(to);
    });

    test('what is no address of its own is refused, and the field is named', () => {
      for (const address of bench.wrongAddresses) {
        let refused: unknown;
        try {
          refused = bench.transport.parseAddress(address, 'the.field');
        } catch (error) {
          refused = error;
        }
        expect(refused).toMatchObject({
          code: 'invalid_field',
          field: 'the.field',
          message: expect.stringContaining('the.field'),
        });
      }
    });

    test('what is taken is sent, once', async () => {
      bench.behave('take');
      expect(await deliver('msg_taken')).toMatchObject({ kind: 'sent' });
      expect(received('msg_taken')).toHaveLength(1);
    });

    test('a repeat is known as the same: by its name, and to the letter', async () => {
      bench.behave('take');
      await deliver('msg_twice');
      await deliver('msg_twice');
      const [first, second] = received('msg_twice');
      expect(second).toEqual(first);
    });

    test('what is not taken now may be tried again', async () => {
      bench.behave('not_now');
      expect(await deliver('msg_busy')).toMatchObject({ kind: 'retry', error: expect.stringMatching(/./) });
    });

    test('what is refused is refused for good, and says why', async () => {
      bench.behave('refuse');
      expect(await deliver('msg_bad')).toMatchObject({ kind: 'refused', error: expect.stringMatching(/./) });
    });

    test('an attempt that is aborted rejects, and the next one goes its way', async () => {
      bench.behave('silent');
      const abort = new AbortController();
      const attempt = bench.transport.deliver(due('msg_cut'), abort.signal);
      await until(() => received('msg_cut').length === 1);
      abort.abort(new Error('cut'));
      await expect(attempt).rejects.toThrow('cut');
      bench.behave('take');
      expect(await deliver('msg_next')).toMatchObject({ kind: 'sent' });
    });

    test('its policy can be kept', () => {
      const { retryMs, timeoutMs, concurrency, pauseAfterMs, budgets } = bench.transport.policy;
      expect(retryMs.length).toBeGreaterThan(0);
      for (const value of [...retryMs, timeoutMs, concurrency, pauseAfterMs]) expect(value).toBeGreaterThan(0);
      for (const { count, perMs, keep: [decisions, read] = [0, 0] } of budgets) {
        expect(Math.min(count - decisions - read, perMs)).toBeGreaterThan(0);
      }
    });
  });
}
