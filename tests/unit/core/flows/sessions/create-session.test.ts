import { describe, expect, test } from '@jest/globals';
import { openHouse } from '../house.ts';

describe('the start of a session', () => {
  test('is shared by all who ask for it at once', async () => {
    await using house = await openHouse();
    await house.start();
    await Promise.all([house.api.sessions.create('a', undefined), house.api.sessions.create('a', undefined)]);
    await house.ended(await house.ask('a', 'hello'));
    expect(house.driver.opened).toHaveLength(1);
  });

  test('says whether it is new', async () => {
    await using house = await openHouse();
    expect(await house.api.sessions.create('a', undefined)).toMatchObject({ created: true });
    expect(await house.api.sessions.create('a', 'claude')).toMatchObject({ created: false });
  });

  test.each([
    [false, true, 'Claude Code is not installed: run npm ci'],
    [true, false, 'No Claude credentials: set ANTHROPIC_API_KEY'],
  ])('A9: is refused with the way out where the agent cannot start', async (installed, credentials, hint) => {
    const readiness = async () => ({ installed, credentials, hint, version: null, warning: null });
    await using house = await openHouse({ readiness });
    await house.start();
    const refusal = { code: 'agent_unavailable', message: hint };
    await expect(house.api.sessions.create('a', undefined)).rejects.toMatchObject(refusal);
    expect(await house.api.sessions.list()).toEqual([]);
  });
});
