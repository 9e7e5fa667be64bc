import { describe, expect, test } from '@jest/globals';
import type { Usage } from '../../../../../src/core/model/usage/usage.ts';
import type { EndedPast, TurnEnd } from '../../../../../src/core/ports/agent.ts';
import { usageOf } from '../../../../helpers/examples.ts';
import { createMemoryTransport } from '../../../../helpers/memory-transport.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from '../house.ts';

type Gate = PromiseWithResolvers<Usage | null>;

/** An agent that tells what each turn took when the test says so, by its prompt. */
function createTeller(): {
  readonly runTurn: (prompt: string) => Promise<TurnEnd>;
  readonly of: (prompt: string) => Gate;
} {
  const gates = new Map<string, Gate>();
  function of(prompt: string): Gate {
    const gate = gates.get(prompt) ?? Promise.withResolvers();
    gates.set(prompt, gate);
    return gate;
  }
  return {
    of,
    runTurn: async (prompt) => ({ kind: 'completed', text: 'done', usage: null, laterUsage: of(prompt).promise }),
  };
}

const told = (house: House) => house.store.sumSpent({ from: 0, to: house.clock.now() + 1 });
/** Waits until its end is there, and what it took, or that nobody knows. */
const noted = (house: House, id: string): Promise<unknown> =>
  until(async () => {
    const request = await house.store.readRequest(id);
    return request?.completedAt !== null && request?.usagePending === false;
  });

describe('what a turn took, where it is told behind the end', () => {
  test('lets the end be told, and the next turn run', async () => {
    const teller = createTeller();
    await using house = await openHouse(teller);
    await house.start();
    const [one, two] = [await house.ask('a', 'one'), await house.ask('a', 'two')];
    expect(await house.ended(one)).toMatchObject({ state: 'completed', text: 'done', usage: null, usagePending: true });
    expect(await house.ended(two)).toMatchObject({ state: 'completed', usagePending: true });
    teller.of('two').resolve(usageOf(1, 2));
    teller.of('one').resolve(usageOf(12, 3));
    await Promise.all([noted(house, one), noted(house, two)]);
    expect(await house.store.readRequest(one)).toMatchObject({ usage: usageOf(12, 3) });
    expect(await told(house)).toMatchObject({ requests: 2, inputTokens: 13, outputTokens: 5 });
  });

  test('is null when it does not come in time, and stays so', async () => {
    const teller = createTeller();
    await using house = await openHouse(teller);
    await house.start();
    const id = await house.ask('a', 'one');
    await house.ended(id);
    house.clock.advance(3_000);
    await noted(house, id);
    teller.of('one').resolve(usageOf(12, 3));
    teller.of('two').resolve(null);
    await noted(house, await house.ask('b', 'two'));
    expect(await house.store.readRequest(id)).toMatchObject({ usage: null, usagePending: false });
  });

  test('is held by no deletion of its session', async () => {
    const teller = createTeller();
    await using house = await openHouse(teller);
    await house.start();
    const id = await house.ask('a', 'one');
    await house.ended(id);
    await house.api.sessions.delete('a', true);
    teller.of('one').resolve(usageOf(12, 3));
    await noted(house, id);
    expect(await house.store.readRequest(id)).toMatchObject({ usage: usageOf(12, 3) });
  });

  test('is waited for by a gateway that stops', async () => {
    const teller = createTeller();
    await using house = await openHouse(teller);
    await house.start();
    const id = await house.ask('a', 'one');
    await house.ended(id);
    const drained = house.drain();
    teller.of('one').resolve(usageOf(12, 3));
    await drained;
    expect(await house.store.readRequest(id)).toMatchObject({ usage: usageOf(12, 3), usagePending: false });
  });

  test('is not lost to a disk that refuses for a while', async () => {
    const teller = createTeller();
    let isFull = true;
    await using house = await openHouse({
      ...teller,
      wrapStore: (store) => ({
        ...store,
        noteUsage: (...given) => (isFull ? Promise.reject(new Error('full')) : store.noteUsage(...given)),
      }),
    });
    await house.start();
    const id = await house.ask('a', 'one');
    await house.ended(id);
    teller.of('one').resolve(usageOf(12, 3));
    await until(() => house.logged.includes('usage.not_stored'));
    isFull = false;
    house.clock.advance(1_000);
    await noted(house, id);
    expect(await told(house)).toMatchObject({ requests: 1, inputTokens: 12 });
  });

  test('is a part of the webhook, which waits for it, and so does what comes behind in its lane', async () => {
    const teller = createTeller();
    const webhook = createMemoryTransport({}, 'webhook');
    const to = 'webhook:a';
    await using house = await openHouse({ ...teller, transports: new Map([['webhook', webhook]]) });
    await house.start();
    const [one, two] = [await house.ask('a', 'one', { replyTo: to }), await house.ask('b', 'two', { replyTo: to })];
    await Promise.all([house.ended(one), house.ended(two)]);
    expect(webhook.attempts).toEqual([]);
    for (const prompt of ['one', 'two']) teller.of(prompt).resolve(usageOf(12, 3));
    await until(() => webhook.taken.length === 2);
    expect(webhook.taken.map(({ request }) => request?.usage)).toEqual([usageOf(12, 3), usageOf(12, 3)]);
  });
});

describe('a process that ended between an end and what it took', () => {
  /** What an earlier process left. */
  async function openLeft(options: HouseOptions): Promise<House & { readonly id: string }> {
    const webhook = createMemoryTransport({}, 'webhook');
    const house = await openHouse({ transports: new Map([['webhook', webhook]]), ...options });
    const id = await house.ask('a', 'hello', { replyTo: 'webhook:a' });
    const now = house.clock.now();
    const turn = await house.store.claim('a', now);
    if (turn === null) throw new Error('nothing was claimed');
    await house.store.progress(turn, { phase: 'preparing', transcriptOffset: 70 }, now);
    await house.store.updateSession('a', { agentSessionId: 'left' });
    const end = { state: 'timed_out', reason: 'turn_timeout', error: null, text: null, usage: 'pending' } as const;
    await house.store.end(turn, end, now);
    return { ...house, id };
  }

  test('has it read once more, by its conversation', async () => {
    const asked: unknown[] = [];
    await using house = await openLeft({
      async readUsage({ agentSessionId }, past: EndedPast) {
        asked.push([agentSessionId, past]);
        return usageOf(12, 3);
      },
    });
    await house.start();
    await noted(house, house.id);
    expect(asked).toEqual([['left', { prompt: 'hello', transcriptOffset: 70, kind: 'interrupted' }]]);
    expect(await told(house)).toMatchObject({ requests: 1, inputTokens: 12 });
    await until(async () => (await house.api.requests.read(house.id)).deliveries[0]?.state === 'sent');
  });

  test.each<[string, HouseOptions['readUsage']]>([
    ['cannot be read', () => Promise.reject(new Error('no disk'))],
    ['is not there', async () => null],
  ])('has none when it %s, and its webhook goes out', async (_, readUsage = async () => null) => {
    await using house = await openLeft({ readUsage });
    await house.start();
    await until(async () => (await house.api.requests.read(house.id)).deliveries[0]?.state === 'sent');
    expect(await house.store.readRequest(house.id)).toMatchObject({ usage: null, usagePending: false });
  });

  test('has none when its session was deleted', async () => {
    await using house = await openLeft({ readUsage: async () => usageOf(12, 3) });
    await house.store.deleteSession('a', house.clock.now());
    await house.start();
    await noted(house, house.id);
    expect(await told(house)).toMatchObject({ requests: 0 });
  });
});
