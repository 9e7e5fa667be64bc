import { describe, expect, test } from '@jest/globals';
import { answer } from '../../../../helpers/fake-driver.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

describe('a prompt that the agent never got', () => {
  test('is put to a fresh agent, once', async () => {
    let tries = 0;
    await using house = await openHouse({
      runTurn: async (prompt, observer) =>
        (tries += 1) === 1 ? { kind: 'unsubmitted', why: 'It was silent.' } : answer(prompt, observer),
    });
    await house.start();
    const request = await house.ended(await house.ask('a', 'hello'));
    expect(request).toMatchObject({ state: 'completed', text: 'answer to hello' });
    expect(house.driver.sessions.map((session) => session.prompts)).toEqual([['hello'], ['hello']]);
    expect(await house.driver.listLive()).toEqual(['a']);
    expect(house.logged).toContain('turn.not_submitted');
  });

  test('fails as agent_error when a fresh one does not get it either', async () => {
    await using house = await openHouse({ runTurn: async () => ({ kind: 'unsubmitted', why: 'It was silent.' }) });
    await house.start();
    const request = await house.ended(await house.ask('a', 'hello'));
    expect(request).toMatchObject({ state: 'failed', reason: 'agent_error', error: 'It was silent.', text: null });
    expect(house.driver.sessions).toHaveLength(2);
    expect(await house.driver.listLive()).toEqual([]);
  });

  test('is not put to a fresh agent when it was cancelled meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    await using house = await openHouse({
      async runTurn() {
        await gate.promise;
        return { kind: 'unsubmitted', why: 'It was silent.' };
      },
    });
    await house.start();
    const id = await house.ask('a', 'hello');
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    await house.api.requests.cancel(id);
    gate.resolve();
    expect(await house.ended(id)).toMatchObject({ state: 'cancelled' });
    expect(house.driver.sessions.flatMap((session) => session.prompts)).toEqual(['hello']);
  });
});
