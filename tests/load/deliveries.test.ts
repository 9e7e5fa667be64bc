import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { until } from '../helpers/until.ts';
import { openLoadHouse, type LoadHouse } from './load-house.ts';
import type { Taken } from './receivers-thread.ts';
import { quantile } from './turns.ts';

const LIVING = 34;
const WAYS_TO_FAIL = ['500', '429', 'silent', 'reset', 'redirect'];
const FAILING = 16;
const ROUNDS = 12;
const ABOVE_P95_MAX_MS = 50;

const DEAD = 1_000;
const BESIDE = 10;
const BESIDE_ROUNDS = 20;

const SETTINGS = {
  WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
  WEBHOOK_RETRY_MS: '1000,1000,2000',
  // Longer than all of a measurement: what waits for a silent one waits for the end of it.
  WEBHOOK_TIMEOUT_MS: '60000',
  SESSION_QUEUE_MAX: '100000',
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const figure = (values: readonly number[], of: number): string => quantile(values, of).toFixed(1).padStart(8);
const delaysOf = (taken: readonly Taken[]): readonly number[] => taken.map(({ endedAt, at }) => at - endedAt);

let house: LoadHouse;
let receivers: Worker;
let port: number;

beforeAll(async () => {
  // No place to work: what is asked waits until it is cancelled, which is its end.
  house = await openLoadHouse([{ match: 'job held', do: { hang: true } }], { ...SETTINGS, MAX_RUNNING_TURNS: '1' });
  receivers = new Worker(new URL('receivers-thread.ts', import.meta.url), { workerData: { backlog: 4_096 } });
  [port] = (await once(receivers, 'message')) as [number];
  const { body } = await house.call('POST', '/execute', { json: { workspace: 'held', command: 'job held' } });
  await until(async () => (await house.call('GET', `/status/${body.requestId}`)).body.state === 'running');
});
afterAll(async () => {
  await receivers.terminate();
  await house.close();
});

/** Requests, each to an address, that end at once. Returns their ids. */
async function endAll(paths: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const json = { workspace: 'asked', command: 'Wait.', replyTo: `webhook:http://127.0.0.1:${port}${path}` };
      const { status, text, body } = await house.call('POST', '/execute', { json });
      if (status !== 202) throw new Error(`not accepted: ${status} ${text}`);
      const id = body.requestId as string;
      await house.call('POST', `/status/${id}/cancel`);
      return id;
    }),
  );
}

async function readTaken(): Promise<readonly Taken[]> {
  receivers.postMessage('tell');
  const [taken] = (await once(receivers, 'message')) as [readonly Taken[]];
  return taken;
}

/** What was taken of these requests, once it is all of them. */
async function take(ids: readonly string[]): Promise<readonly Taken[]> {
  const wanted = new Set(ids);
  return until(async () => {
    const found = (await readTaken()).filter(({ requestId }) => wanted.has(requestId));
    return found.length >= ids.length ? found : null;
  });
}

const living = (count: number): readonly string[] => range(count).map((at) => `/living/${at}`);

describe(`${LIVING} living receivers beside ${FAILING} that fail`, () => {
  const without: Taken[] = [];
  const beside: Taken[] = [];

  beforeAll(async () => {
    await take(await endAll(living(LIVING)));
    const failing = range(FAILING).map((at) => `/${WAYS_TO_FAIL[at % WAYS_TO_FAIL.length]}/${at}`);
    // By turns, so that a noise of the machine falls on both. A load of the same size is on the machine in each.
    for (const _ of range(ROUNDS)) {
      const spare = range(FAILING).map((at) => `/living/spare-${at}`);
      const alone = await endAll([...spare, ...living(LIVING)]);
      without.push(...(await take(alone.slice(FAILING))));
      const mixed = await endAll([...failing, ...living(LIVING)]);
      beside.push(...(await take(mixed.slice(FAILING))));
    }
    const [of, other] = [delaysOf(without), delaysOf(beside)];
    process.stdout.write(
      [
        '',
        `from the end of a request to its webhook, ${other.length} deliveries to ${LIVING} living receivers:`,
        `beside ${FAILING} more living ones   p50 ${figure(of, 0.5)} ms   p95 ${figure(of, 0.95)} ms`,
        `beside ${FAILING} that fail          p50 ${figure(other, 0.5)} ms   p95 ${figure(other, 0.95)} ms   limit ${ABOVE_P95_MAX_MS} ms above`,
        '',
      ].join('\n'),
    );
  });

  test('each living one has all of its own', () => {
    expect([without.length, beside.length]).toEqual([LIVING * ROUNDS, LIVING * ROUNDS]);
  });

  test(`no living one waits more than ${ABOVE_P95_MAX_MS} ms longer (p95)`, () => {
    const above = quantile(delaysOf(beside), 0.95) - quantile(delaysOf(without), 0.95);
    expect(above).toBeLessThan(ABOVE_P95_MAX_MS);
  });
});

describe(`${BESIDE} living receivers beside ${DEAD} silent ones`, () => {
  const alone: Taken[] = [];
  const beside: Taken[] = [];

  beforeAll(async () => {
    const known = living(BESIDE);
    await take(await endAll(known));
    for (const _ of range(BESIDE_ROUNDS)) alone.push(...(await take(await endAll(known))));
    for (const first of range(DEAD / 100)) await endAll(range(100).map((at) => `/silent/of-many-${first * 100 + at}`));
    for (const _ of range(BESIDE_ROUNDS)) beside.push(...(await take(await endAll(known))));
    const [of, other] = [delaysOf(alone), delaysOf(beside)];
    process.stdout.write(
      [
        '',
        `from the end of a request to its webhook, ${other.length} deliveries to ${BESIDE} living receivers:`,
        `alone                  p50 ${figure(of, 0.5)} ms   p95 ${figure(of, 0.95)} ms`,
        `beside ${DEAD} silent   p50 ${figure(other, 0.5)} ms   p95 ${figure(other, 0.95)} ms   max ${figure(other, 1)} ms, limit ${ABOVE_P95_MAX_MS} ms above (p95)`,
        '',
      ].join('\n'),
    );
  });

  test(`no living one waits more than ${ABOVE_P95_MAX_MS} ms longer (p95)`, () => {
    expect(beside).toHaveLength(BESIDE * BESIDE_ROUNDS);
    const above = quantile(delaysOf(beside), 0.95) - quantile(delaysOf(alone), 0.95);
    expect(above).toBeLessThan(ABOVE_P95_MAX_MS);
  });

  test('an address that nobody knows yet waits for them a few seconds at most', async () => {
    const [first] = await take(await endAll(['/living/unheard-of']));
    expect((first?.at ?? Number.NaN) - (first?.endedAt ?? Number.NaN)).toBeLessThan(5_000);
  });
});
