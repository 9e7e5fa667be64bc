import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HOUSE_KEY } from '../helpers/gateway-house.ts';
import { connectStream, readSse, type EventReader, type StreamedEvent } from '../helpers/stream-clients.ts';
import { openLoadHouse, readPeakMemory, type LoadHouse } from './load-house.ts';
import type { LivezLook, LivezProbe } from './livez-probe.ts';
import { quantile, submitTurn } from './turns.ts';

const CLIENTS = Number(process.env['STREAM_CLIENTS'] ?? 500);
const LINES = 300;
const TURNS = 50;
const MEMORY_MAX_MB = 300;
const LIVEZ_MAX_MS = 100;
const P50_MAX_MS = 50;

const withKey = { 'x-api-key': HOUSE_KEY };
const figure = (values: readonly number[], of: number): string => quantile(values, of).toFixed(1).padStart(7);

let house: LoadHouse;

beforeAll(async () => {
  house = await openLoadHouse([
    { match: 'job busy-', do: { lines: { count: LINES, everyMs: 30 }, text: 'done' } },
    { match: 'job (first-\\S+)', do: { lines: { count: 2, everyMs: 20 }, text: 'done {1}' } },
  ]);
});
afterAll(() => house.close());

describe(`${CLIENTS} clients on one busy request, and one that never reads`, () => {
  let readers: readonly EventReader[];
  let log: readonly StreamedEvent[];
  let livez: readonly number[];
  let memoryMb: number;

  beforeAll(async () => {
    const id = await submitTurn(house, 'busy', 'busy-1');
    const sse = `${house.url}/status/${id}/events`;
    const stuck = await readSse(sse, withKey);
    stuck.pause();
    const streams = `${house.url}/stream?after=0&requestId=${id}`;
    readers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) =>
        index % 2 === 0 ? readSse(sse, withKey) : connectStream(streams, withKey),
      ),
    );
    const workerData: LivezProbe = { url: house.url, pid: house.gateway.pid, everyMs: 100 };
    const probe = new Worker(new URL('livez-probe.ts', import.meta.url), { workerData });
    await Promise.all(readers.map(({ ended }) => ended));
    // A thread that ends at once tells both in one breath.
    const told = Promise.all([once(probe, 'message'), once(probe, 'exit')]);
    probe.postMessage('stop');
    const [[looks]] = (await told) as [[readonly LivezLook[]], unknown];
    livez = looks.map(({ tookMs }) => tookMs);
    memoryMb = await readPeakMemory(house.gateway.pid);
    stuck.cut();
    const whole = await readSse(sse, withKey);
    await whole.ended;
    log = whole.events;
    process.stdout.write(
      [
        '',
        `clients  ${CLIENTS} (SSE and WebSocket), ${log.length} events each, and one that never reads`,
        `livez    p50 ${figure(livez, 0.5)} ms, max ${figure(livez, 1)} ms of ${livez.length}, limit ${LIVEZ_MAX_MS} ms (p95)`,
        `memory   ${memoryMb.toFixed(0)} MB at most (VmHWM of the gateway), limit ${MEMORY_MAX_MB} MB`,
        '',
      ].join('\n'),
    );
  }, 180_000);

  test('every client gets every event, once and in order', () => {
    expect(log.filter(({ type }) => type === 'agent.said').length).toBeGreaterThan(LINES);
    const wrong = readers.filter(({ events }) => JSON.stringify(events) !== JSON.stringify(log));
    expect([readers.length, wrong.length]).toEqual([CLIENTS, 0]);
  });

  test(`the gateway stays below ${MEMORY_MAX_MB} MB`, () => {
    expect(memoryMb).toBeLessThan(MEMORY_MAX_MB);
  });

  test(`/livez answers within ${LIVEZ_MAX_MS} ms`, () => {
    expect(livez.length).toBeGreaterThan(20);
    expect(quantile(livez, 0.95)).toBeLessThan(LIVEZ_MAX_MS);
  });
});

/** From the moment in which the agent is about to tell its first text (it notes the time in its journal) to the moment
 *  in which a client of the stream has it. Both are processes of this machine, so one clock. */
describe(`from the agent hook to the first text on the stream, over ${TURNS} turns`, () => {
  const delays: number[] = [];

  beforeAll(async () => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const mark = `first-${turn}`;
      const id = await submitTurn(house, 'first', mark);
      const reader = await readSse(`${house.url}/status/${id}/events`, withKey);
      await reader.ended;
      const first = reader.events.findIndex(({ type }) => type === 'agent.said');
      const told = house.journal().find(({ event, prompt }) => event === 'said' && prompt.includes(`${mark} `));
      delays.push((reader.seenAt[first] ?? Number.NaN) - (told?.at ?? Number.NaN));
    }
    process.stdout.write(
      [
        '',
        `from MessageDisplay (the agent's journal) to the first text at an SSE client, ${delays.length} turns:`,
        `p50  ${figure(delays, 0.5)} ms   limit ${P50_MAX_MS} ms`,
        `p95  ${figure(delays, 0.95)} ms`,
        `max  ${figure(delays, 1)} ms`,
        '',
      ].join('\n'),
    );
  }, 180_000);

  test('each turn has its figure', () => {
    expect(delays.filter((ms) => ms > 0)).toHaveLength(TURNS);
  });

  test(`p50 is below ${P50_MAX_MS} ms`, () => {
    expect(quantile(delays, 0.5)).toBeLessThan(P50_MAX_MS);
  });
});
