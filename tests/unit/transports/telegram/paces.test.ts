import { describe, expect, test } from '@jest/globals';
import { createGate } from '../../../../src/core/flows/outbox/gate/gate.ts';
import { PACE, toPolicy } from '../../../../src/transports/telegram/paces.ts';
import { createDice } from '../../../helpers/dice.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';

const MINUTE_MS = 60_000;
const TOPICS = 20;
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

interface Sent {
  readonly address: string;
  readonly rank: 0 | 1 | 2;
  readonly askedAt: number;
  readonly at: number;
}

/** Everybody asks for `ms`, in steps of 100 ms; `wishes` says for what. A lane asks for one at a time, and hurries for
 *  what is more urgent. */
async function run(ms: number, wishes: (at: number) => readonly Omit<Sent, 'at' | 'askedAt'>[]) {
  const clock = createFakeClock();
  const gate = createGate(clock, toPolicy(1_000, PACE));
  const begin = clock.now();
  const sent: Sent[] = [];
  const lanes = new Map<string, Pick<Sent, 'rank' | 'askedAt'>>();
  for (let at = 0; at < ms; at += 100) {
    for (const { address, rank } of wishes(at)) {
      const waiting = lanes.get(address);
      if (waiting !== undefined && waiting.rank <= rank) continue;
      lanes.set(address, { rank, askedAt: at });
      if (waiting !== undefined) {
        gate.hurry(address, rank);
        continue;
      }
      void gate.enter({ address, rank, ward: 'living' }).then((leave) => {
        leave?.();
        const asked = lanes.get(address);
        lanes.delete(address);
        if (leave !== null && asked !== undefined) sent.push({ address, ...asked, at: clock.now() - begin });
      });
    }
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  gate.close();
  return sent;
}

const most = (sent: readonly Sent[], perMs: number): number =>
  Math.max(...sent.map(({ at }) => sent.filter((other) => other.at >= at && other.at < at + perMs).length));

describe('the paces of Telegram', () => {
  const topic = (number: number): string => `telegram:-1001:${10 + number}`;

  test(`in 20 busy topics of a group: 20 messages a minute, and a decision within 3 s (SEED=${SEED})`, async () => {
    const dice = createDice(SEED);
    let last = -25_000;
    const sent = await run(10 * MINUTE_MS, (at) => {
      const wishes = [{ address: topic(dice(TOPICS)), rank: (1 + dice(2)) as 1 | 2 }];
      if (at - last < 15_000 + dice(10_000)) return wishes;
      last = at;
      return [...wishes, { address: topic(dice(TOPICS)), rank: 0 as const }];
    });
    expect(most(sent, MINUTE_MS)).toBeLessThanOrEqual(20);
    const decisions = sent.filter(({ rank }) => rank === 0);
    expect(decisions.length).toBeGreaterThan(20);
    expect(Math.max(...decisions.map(({ at, askedAt }) => at - askedAt))).toBeLessThan(3_000);
  });

  test('what is to be read is not kept waiting by how things go', async () => {
    const sent = await run(2 * MINUTE_MS, (at) => [
      { address: topic(1), rank: 2 },
      ...(at % 20_000 === 0 ? [{ address: topic(2), rank: 1 as const }] : []),
    ]);
    const read = sent.filter(({ rank }) => rank === 1);
    expect(read).toHaveLength(6);
    expect(Math.max(...read.map(({ at, askedAt }) => at - askedAt))).toBeLessThanOrEqual(3_200);
  });

  test('in a private chat one message in 1.1 s; and 30 a second in all', async () => {
    const one = await run(10_000, () => [{ address: 'telegram:7', rank: 1 }]);
    expect([most(one, 1_100), one.length]).toEqual([1, 10]);
    const many = await run(3_000, (at) =>
      Array.from({ length: 20 }, (_, person) => ({ address: `telegram:${at}${person}1`, rank: 1 as const })),
    );
    expect(most(many, 1_000)).toBeLessThanOrEqual(30);
  });
});
