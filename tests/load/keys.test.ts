import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApiCall } from '../helpers/api-call.ts';
import { connectStream, type StreamReader } from '../helpers/stream-clients.ts';
import { until } from '../helpers/until.ts';
import { openLoadHouse, type LoadHouse } from './load-house.ts';

const CALLERS = 10;
const ROUNDS = 30;
const EXPIRES_IN_MS = 2_000;
/** A second, and what the machine takes under this load. */
const ENDS_WITHIN_MS = 2_000;

let house: LoadHouse;
beforeAll(async () => {
  // Without credentials each request ends at once, and no agent takes part.
  house = await openLoadHouse([], { ANTHROPIC_API_KEY: '', SESSION_QUEUE_MAX: '100000', LOG_LEVEL: 'error' });
});
afterAll(() => house.close());

interface Made {
  readonly id: string;
  readonly key: string;
}

async function makeKey(wish: object = {}): Promise<Made> {
  const json = { name: 'under load', scopes: ['read', 'execute', 'sessions'], ...wish };
  const { status, body } = await house.call('POST', '/keys', { json });
  expect(status).toBe(201);
  return body as Made;
}

/** Somebody with a key that nobody touches; what did not work, in words. */
async function work({ key }: Made, at: number, signal: AbortSignal): Promise<{ calls: number; failed: string[] }> {
  const call = createApiCall(house.url, key);
  const failed: string[] = [];
  let calls = 0;
  for (; !signal.aborted; calls += 3) {
    const json = { workspace: `w${at}`, command: `job ${calls}` };
    const accepted = await call('POST', '/execute', { json, headers: { 'idempotency-key': `k${at}-${calls}` } });
    const answers = [
      accepted,
      await call('GET', `/status/${accepted.body?.requestId}`),
      await call('GET', '/requests?limit=5'),
    ];
    for (const { status, text } of answers) if (status >= 300) failed.push(`${status} ${text}`);
  }
  return { calls, failed };
}

/** So many wrong keys come from this address that they are guesses by now; the others come from there as well. */
function isRefused(status: number): boolean {
  return status === 401 || status === 429;
}

function isOpen({ closed }: StreamReader): Promise<boolean> {
  return Promise.race([closed.then(() => false), Promise.resolve(true)]);
}

test('keys that are rotated, revoked and run out under load fail no request and end no stream of another key', async () => {
  const others = await Promise.all(Array.from({ length: CALLERS }, () => makeKey()));
  const streams = await Promise.all(
    others.map(({ key }) => connectStream(`${house.url}/stream`, { 'x-api-key': key })),
  );
  const ending = new AbortController();
  const working = others.map((made, at) => work(made, at, ending.signal));
  const late: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [revoked, rotated, expiring] = await Promise.all([
        makeKey(),
        makeKey(),
        makeKey({ expiresAt: Date.now() + EXPIRES_IN_MS }),
      ]);
      const stream = await connectStream(`${house.url}/stream`, { 'x-api-key': revoked.key });
      const { body } = await house.call('POST', `/keys/${rotated.id}/rotate`);
      expect((await house.call('GET', '/sessions', { key: body.key })).status).toBe(200);
      const revokedAt = performance.now();
      expect((await house.call('DELETE', `/keys/${revoked.id}`)).status).toBeLessThan(300);
      await stream.ended;
      late.push(performance.now() - revokedAt);
      for (const { key } of [revoked, rotated, expiring])
        await until(async () => isRefused((await house.call('GET', '/sessions', { key })).status));
    }
  } finally {
    ending.abort();
  }
  const done = await Promise.all(working);
  expect(done.flatMap(({ failed }) => failed)).toEqual([]);
  expect(Math.min(...done.map(({ calls }) => calls))).toBeGreaterThan(ROUNDS);
  expect(await Promise.all(streams.map(isOpen))).toEqual(others.map(() => true));
  expect(Math.max(...late)).toBeLessThan(ENDS_WITHIN_MS);
  for (const stream of streams) stream.cut();
  process.stdout.write(
    `keys: ${3 * ROUNDS} ended beside ${done.reduce((sum, { calls }) => sum + calls, 0)} calls of ${CALLERS} others; a stream of a revoked one ended within ${Math.round(Math.max(...late))} ms\n`,
  );
}, 240_000);
