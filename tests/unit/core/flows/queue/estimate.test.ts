import { describe, expect, test } from '@jest/globals';
import { estimateEnd, type Standing } from '../../../../../src/core/flows/queue/estimate.ts';
import type { RequestRecord } from '../../../../../src/core/model/request.ts';
import { untilInterrupted } from '../../../../helpers/fake-driver.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

const NOW = 1_800_000_000_000;

/** The estimate, as milliseconds from now. */
async function estimate(
  durations: readonly number[],
  standing: Omit<Standing, 'request'>,
  request: Partial<RequestRecord> = {},
) {
  const end = await estimateEnd(
    { store: { readDurations: async () => durations }, clock: { now: () => NOW } },
    { ...standing, request: { workspace: 'a', state: 'queued', startedAt: null, ...request } as RequestRecord },
  );
  return end === null ? null : end - NOW;
}

const running = { state: 'running', startedAt: NOW - 30 } as const;
const unqueued = { position: null, runningSince: null };

describe('an estimate', () => {
  test('is the median of the durations, for each that goes before and itself', async () => {
    expect(await estimate([10, 1_000, 20], { position: 1, runningSince: null })).toBe(20);
    expect(await estimate([10, 1_000, 20], { position: 3, runningSince: null })).toBe(60);
  });

  test('is between the two in the middle when they are even in number', async () => {
    expect(await estimate([10, 21, 1_000, 1], { position: 1, runningSince: null })).toBe(16);
  });

  test('adds what the running turn is expected to take still', async () => {
    expect(await estimate([100], { position: 2, runningSince: NOW - 30 })).toBe(70 + 200);
  });

  test('does not count on a running turn that takes longer to have ended in the past', async () => {
    expect(await estimate([100], { position: 1, runningSince: NOW - 5_000 })).toBe(100);
  });

  test('of a running request is the median from its start, and not in the past', async () => {
    expect(await estimate([100], { position: null, runningSince: NOW - 30 }, running)).toBe(70);
    expect(await estimate([10], { position: null, runningSince: NOW - 30 }, running)).toBe(0);
  });

  test('is unknown before the first completed turn, and of what has ended', async () => {
    expect(await estimate([], { position: 1, runningSince: null })).toBeNull();
    expect(await estimate([10], unqueued, { state: 'completed' })).toBeNull();
  });

  test('follows the turns of its own workspace', async () => {
    const turns = new Map<string, () => void>();
    await using house = await openHouse({
      async runTurn(prompt, _observer, signal) {
        const gate = Promise.withResolvers<'gate'>();
        turns.set(prompt, () => gate.resolve('gate'));
        await Promise.race([gate.promise, untilInterrupted(signal)]);
        return { kind: 'completed', text: prompt, usage: null };
      },
    });
    await house.start();
    const estimated = async (id: string): Promise<number | null> => {
      const at = (await house.api.requests.read(id)).estimatedCompletionAt;
      return at === null ? null : at - house.clock.now();
    };
    const first = await house.ask('a', 'first');
    await until(() => turns.has('first'));
    expect(await estimated(first)).toBeNull();
    house.clock.advance(400);
    turns.get('first')?.();
    await house.ended(first);
    const second = await house.ask('a', 'second');
    await until(() => turns.has('second'));
    house.clock.advance(100);
    const third = await house.ask('a', 'third');
    const elsewhere = await house.ask('b', 'elsewhere');
    expect(await estimated(second)).toBe(300);
    expect(await estimated(third)).toBe(700);
    expect(await estimated(elsewhere)).toBeNull();
    expect(await estimated(first)).toBeNull();
  });
});
