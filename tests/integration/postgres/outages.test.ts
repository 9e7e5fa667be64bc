import { expect, test } from '@jest/globals';
import { createEventFeed } from '../../../src/core/flows/events/event-feed.ts';
import { GatewayError } from '../../../src/core/model/errors.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { aRequest, COMPLETED, mustClaim, ROOMY, T0 } from '../../contract/store-fixtures.ts';
import { until } from '../../helpers/until.ts';
import { open, usePostgres } from './house.ts';

const { server, createDatabase } = usePostgres();

const isUnavailable = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'storage_unavailable';

/** Accepts one after the other until it is told to stop; what each caller was told. */
function keepAccepting(store: Store, name: string) {
  const told = { accepted: [] as string[], refused: [] as string[] };
  let isOver = false;
  const ended = (async () => {
    for (let n = 0; !isOver; n += 1) {
      const id = `${name}-${n}`;
      try {
        await store.accept(aRequest(id, { workspace: name }), ROOMY, null);
        told.accepted.push(id);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        told.refused.push(id);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  })();
  const end = (): Promise<void> => {
    isOver = true;
    return ended;
  };
  return { told, end, [Symbol.asyncDispose]: end };
}

const works = (store: Store): Promise<boolean> =>
  store.probe().then(
    () => true,
    () => false,
  );

test.each(['crash', 'fast'] as const)(
  'what was told as accepted is stored, and nothing else, across a %s of the server in the midst of it',
  async (how) => {
    await using store = await open({ url: await createDatabase() });
    await using ending = new AsyncDisposableStack();
    const callers = ['a', 'b', 'c', 'd'].map((name) => ending.use(keepAccepting(store, name)));
    for (let round = 0; round < 3; round += 1) {
      const before = callers.map(({ told }) => told.accepted.length);
      await until(() => callers.every(({ told }, at) => told.accepted.length > (before[at] ?? 0) + 5));
      await server().stop(how);
      await until(async () => !(await works(store)));
      await server().start();
      await until(() => works(store));
    }
    await Promise.all(callers.map(({ end }) => end()));
    const stored = new Set((await store.listUnended()).map(({ id }) => id));
    const accepted = callers.flatMap(({ told }) => told.accepted);
    expect(accepted.filter((id) => !stored.has(id))).toEqual([]);
    expect([...stored].filter((id) => !accepted.includes(id))).toEqual([]);
  },
);

test('a turn that was claimed before a crash is ended after it, once, and no reader misses an event', async () => {
  await using store = await open({ url: await createDatabase() });
  await store.accept(aRequest('a'), ROOMY, null);
  const turn = await mustClaim(store);
  await server().stop('crash');
  await expect(store.end(turn, COMPLETED, T0)).rejects.toMatchObject({ code: 'storage_unavailable' });
  await expect(store.readRequest('a')).rejects.toMatchObject({ code: 'storage_unavailable' });
  await server().start();
  await until(() => works(store));
  expect(await store.end(turn, COMPLETED, T0)).toBe(true);
  expect(await store.end(turn, COMPLETED, T0)).toBe(false);
  const feed = createEventFeed(store);
  const events: string[] = [];
  const over = new AbortController();
  for await (const batch of (await feed.follow({ requestId: 'a' }, 0, over.signal)) ?? [])
    events.push(...batch.map(({ type }) => type));
  expect(events).toEqual(['request.queued', 'request.started', 'request.completed']);
});

test('listeners are told when the database is back, for what was appended meanwhile', async () => {
  await using store = await open({ url: await createDatabase() });
  let told = 0;
  store.onAppended(() => (told += 1));
  await server().stop('fast');
  await expect(store.probe()).rejects.toMatchObject({ code: 'storage_unavailable' });
  await server().start();
  await until(() => told > 0);
});
