import { describe, expect, test } from '@jest/globals';
import type { ProbeOutcome, TurnEnd } from '../../../../../src/core/ports/agent.ts';
import { answer } from '../../../../helpers/fake-driver.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from '../house.ts';

const limited: TurnEnd = { kind: 'failed', reason: 'usage_limited', error: 'Your limit is reached.', text: null };

/** The first turn hits the limit; what the probes find is the test's to say. */
async function openLimited(probes: ProbeOutcome[], more: HouseOptions = {}): Promise<House & { probed(): number }> {
  let turns = 0;
  let probed = 0;
  const house = await openHouse({
    runTurn: async (prompt, observer) => ((turns += 1) === 1 ? limited : answer(prompt, observer)),
    async probe() {
      probed += 1;
      return probes.shift() ?? { kind: 'answers' };
    },
    ...more,
  });
  await house.start();
  return Object.assign(house, { probed: () => probed });
}

describe('an agent whose account can do nothing for now', () => {
  test('fails the request that found out, and starts no other one in any session', async () => {
    await using house = await openLimited([]);
    const first = await house.ended(await house.ask('a', 'one'));
    expect(first).toMatchObject({ state: 'failed', reason: 'usage_limited', retryable: true });
    const ids = await Promise.all([house.ask('a', 'two'), house.ask('b', 'three')]);
    house.clock.advance(9_999);
    for (const id of ids) {
      const { request, pause } = await house.api.requests.read(id);
      expect(request.state).toBe('queued');
      expect(pause).toMatchObject({ reason: 'usage_limited', message: 'Your limit is reached.' });
    }
    expect(house.driver.sessions.flatMap((session) => session.prompts)).toEqual(['one']);
  });

  test('is shown in the health document and stays healthy', async () => {
    await using house = await openLimited([]);
    await house.ended(await house.ask('a', 'one'));
    const { status, checks } = await house.api.health.check();
    expect(status).toBe('healthy');
    expect(checks.agent).toMatchObject({ healthy: true, pause: { reason: 'usage_limited', since: house.clock.now() } });
  });

  test('is shown also when the health was looked at a moment ago', async () => {
    await using house = await openLimited([]);
    expect((await house.api.health.check()).checks.agent).toMatchObject({ healthy: true, pause: null });
    await house.ended(await house.ask('a', 'one'));
    expect((await house.api.health.check()).checks).toMatchObject({
      agent: { pause: { reason: 'usage_limited' } },
      sessions: { live: 1 },
    });
  });

  test('is asked again at growing intervals, and its queues go on when it answers', async () => {
    const refuses: ProbeOutcome = { kind: 'refuses', error: 'Still limited.' };
    await using house = await openLimited([refuses, refuses]);
    await house.ended(await house.ask('a', 'one'));
    const waiting = await house.ask('b', 'two');
    house.clock.advance(10_000);
    await until(async () => (await house.api.requests.read(waiting)).pause?.message === 'Still limited.');
    house.clock.advance(19_999);
    expect(house.probed()).toBe(1);
    house.clock.advance(1);
    await until(async () => house.probed() === 2 && house.clock.pending() > 0);
    house.clock.advance(40_000);
    expect(await house.ended(waiting)).toMatchObject({ state: 'completed', text: 'answer to two' });
    expect((await house.api.requests.read(waiting)).pause).toBeNull();
    const types = (await house.store.listEvents(0, 100)).map((event) => event.type);
    expect(types).toContain('agent.paused');
    expect(types.indexOf('agent.resumed')).toBeGreaterThan(types.indexOf('agent.paused'));
  });

  test('is no longer paused once a turn that ran all along was answered', async () => {
    const release = Promise.withResolvers<void>();
    await using house = await openHouse({
      async runTurn(prompt, observer) {
        if (prompt === 'limited') return limited;
        if (prompt === 'slow') await release.promise;
        return answer(prompt, observer);
      },
    });
    await house.start();
    const slow = await house.ask('slow', 'slow');
    await until(() => house.driver.sessions.length === 1);
    await house.ended(await house.ask('a', 'limited'));
    const waiting = await house.ask('a', 'next');
    release.resolve();
    await house.ended(slow);
    expect((await house.ended(waiting)).state).toBe('completed');
    // No probe; the two sessions will sleep when they stay idle, and the queues are looked at for what waits too long.
    await until(() => house.clock.pending() === 3);
  });

  test('leaves a waiting request to be cancelled', async () => {
    await using house = await openLimited([]);
    await house.ended(await house.ask('a', 'one'));
    const waiting = await house.ask('a', 'two');
    expect(await house.api.requests.cancel(waiting)).toMatchObject({ state: 'cancelled' });
  });

  test('leaves no timer behind when the gateway stops', async () => {
    const house = await openLimited([]);
    await house.ended(await house.ask('a', 'one'));
    await house[Symbol.asyncDispose]();
    expect(house.clock.pending()).toBe(0);
  });

  test('is still paused after a restart, asked at once, and no request is spent on finding out', async () => {
    using folder = createTempFolder();
    const first = await openLimited([], { folder: folder.path });
    await first.ended(await first.ask('a', 'one'));
    const waiting = await first.ask('a', 'two');
    await first[Symbol.asyncDispose]();

    await using second = await openHouse({ folder: folder.path });
    await second.start();
    const { request, pause } = await second.api.requests.read(waiting);
    expect([request.state, pause?.reason, pause?.message]).toEqual([
      'queued',
      'usage_limited',
      'Your limit is reached.',
    ]);
    second.clock.advance(0);
    expect((await second.ended(waiting)).state).toBe('completed');
  });

  test('an expired login pauses in the same way', async () => {
    await using house = await openLimited([], {
      runTurn: async () => ({ kind: 'failed', reason: 'auth_expired', error: 'Run /login.', text: null }),
    });
    await house.ended(await house.ask('a', 'one'));
    const waiting = await house.ask('a', 'two');
    expect((await house.api.requests.read(waiting)).pause).toMatchObject({ reason: 'auth_expired' });
  });
});
