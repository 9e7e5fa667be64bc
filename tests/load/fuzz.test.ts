import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDice } from '../helpers/dice.ts';
import { createFuzzer, type FuzzedRequest } from '../helpers/fuzzed-requests.ts';
import { HOUSE_KEY } from '../helpers/gateway-house.ts';
import { findLeaks } from '../helpers/leaks.ts';
import { createMalformer, type MalformedRequest } from '../helpers/malformed-requests.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { openLoadHouse, type LoadHouse } from './load-house.ts';

const SEED = Number(process.env['SEED'] ?? 1);
const DESCRIBED = Number(process.env['FUZZED_LOAD'] ?? 5_000);
const MALFORMED = DESCRIBED * 0.4;
/** The share of both that comes first: behind it, all that is kept for good is there. */
const WARM_UP = 0.2;
const AT_ONCE = 32;
const MORE_AT_MOST = 1.1;
const ANSWER_WITHIN_MS = 40_000;
const SMUGGLED = 'nobody may ask for this';

let house: LoadHouse;
const folder = createTempFolder();
const collected = path.join(folder.path, 'collected');
beforeAll(async () => {
  const argv = ['--expose-gc', '--import', './tests/load/collected.ts', 'src/main.ts', 'serve'];
  const place = (name: string): string => path.join(folder.path, name);
  mkdirSync(place('repos'));
  const settings = { COLLECTED_FILE: collected, REPOS_ROOT: place('repos'), WORKTREES_ROOT: place('worktrees') };
  house = await openLoadHouse([{ match: '', do: { text: 'done' } }], settings, argv);
});
afterAll(async () => {
  await house.close();
  folder[Symbol.dispose]();
});

interface Tally {
  readonly statuses: Map<string, number>;
  readonly faults: string[];
}

function judge({ statuses, faults }: Tally, what: string, status: number, answer: string): void {
  const name = Number.isNaN(status) ? 'none' : String(status);
  statuses.set(name, (statuses.get(name) ?? 0) + 1);
  if (status >= 500) faults.push(`${what}: ${status} ${answer}`.slice(0, 1_000));
  for (const leak of findLeaks(status, answer, [house.root, folder.path]))
    faults.push(`${what} tells ${leak}: ${answer}`);
}

async function sendDescribed(tally: Tally, { method, path: at, headers, body }: FuzzedRequest): Promise<void> {
  const ending = new AbortController();
  const response = await fetch(`${house.url}${at}`, {
    method,
    // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- only what has one in the document gets one
    body,
    headers: { 'x-api-key': HOUSE_KEY, ...headers },
    signal: ending.signal,
  });
  const isEndless = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  // A screen shows what an agent says, also of itself.
  const isForeign = response.status === 200 && /\/screen(\?|$)/.test(at);
  const told = isEndless ? '' : await response.text();
  judge(tally, `${method} ${at} ${body?.slice(0, 500)}`, response.status, isForeign ? '' : told);
  if (isEndless) ending.abort();
}

async function sendMalformed(tally: Tally, { kind, bytes, isCut }: MalformedRequest): Promise<void> {
  const what = `${kind} ${JSON.stringify(bytes.toString('latin1').slice(0, 300))}`;
  const socket = connect(Number(new URL(house.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.setTimeout(ANSWER_WITHIN_MS, () => {
    tally.faults.push(`${what}: neither an answer nor an end`);
    socket.destroy();
  });
  // The kernel may throw away what was not read yet when the other side resets.
  const answer = text(socket).catch(() => '');
  if (isCut) socket.end(bytes);
  else socket.write(bytes);
  const told = await answer;
  for (const [, status] of told.matchAll(/^HTTP\/1\.1 (\d+)/gm)) judge(tally, what, Number(status), told);
  if (!told.startsWith('HTTP/1.1')) judge(tally, what, NaN, told);
}

async function sendAll<T>(count: number, next: () => T, send: (made: T) => Promise<void>): Promise<void> {
  let sent = 0;
  const share = async (): Promise<void> => {
    for (; sent < count;) {
      sent += 1;
      await send(next());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, share));
}

/** Until nothing waits or runs: all that is left then is what the gateway keeps. */
async function rest(): Promise<void> {
  const left = "SELECT count(*) AS n FROM requests WHERE state IN ('queued', 'running')";
  await until(async () => (await house.read(left))[0]?.['n'] === 0);
}

async function readHeld(): Promise<number> {
  rmSync(collected, { force: true });
  process.kill(house.gateway.pid, 'SIGUSR2');
  await until(() => existsSync(collected));
  const { heapUsed, arrayBuffers } = JSON.parse(readFileSync(collected, 'utf8')) as Record<string, number>;
  return ((heapUsed ?? 0) + (arrayBuffers ?? 0)) / 1e6;
}

test(`${DESCRIBED} described and ${MALFORMED} malformed requests with a valid key: none fails inside, and nothing of them is held`, async () => {
  const tally: Tally = { statuses: new Map(), faults: [] };
  const names = (name: string): readonly string[] =>
    name === 'workspace' ? ['fuzz-1', 'fuzz-2', 'unknown'] : ['fuzz-1', 'unknown', 'owner/repo', '1'];
  const described = createFuzzer(createDice(SEED), names);
  const malformed = createMalformer(createDice(SEED), HOUSE_KEY, SMUGGLED);
  const held: number[] = [];
  const took: string[] = [];
  for (const share of [WARM_UP, 1]) {
    const beganAt = performance.now();
    await sendAll(DESCRIBED * share, described, (made) => sendDescribed(tally, made));
    const halfAt = performance.now();
    await sendAll(MALFORMED * share, malformed, (made) => sendMalformed(tally, made));
    took.push(`${Math.round(halfAt - beganAt)} and ${Math.round(performance.now() - halfAt)} ms`);
    await rest();
    held.push(await readHeld());
  }
  const statuses = [...tally.statuses].toSorted(([one], [other]) => one.localeCompare(other));
  process.stdout.write(
    `fuzz, seed ${SEED}: ${held.map((mb) => mb.toFixed(1)).join(' → ')} MB held, ${took.join(', ')}; ${statuses
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')}\n`,
  );
  expect(tally.faults).toEqual([]);
  expect(await house.read(`SELECT id FROM requests WHERE prompt = '${SMUGGLED}'`)).toEqual([]);
  expect((await house.call('GET', '/health')).status).toBe(200);
  const json = { workspace: 'after', command: 'go on' };
  const { body } = await house.call('POST', '/execute', { json, headers: { prefer: 'wait=30' } });
  expect(body.state).toBe('completed');
  const [before = NaN, after = NaN] = held;
  expect(after / before).toBeLessThan(MORE_AT_MOST);
}, 600_000);
