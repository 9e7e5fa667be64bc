import { mkdir } from 'node:fs/promises';
import type * as Sqlite from '../src/store/sqlite/open.ts';
import { holdTurns, KEY, ROOT, startGateway, type Gateway } from './gateway.ts';
import { load } from './load.ts';
import type { Place } from './place.ts';
import type { Figure, Row, Unit } from './row.ts';
import { median } from './statistics.ts';
import { storeRequests, toWorkspace, WORKSPACES } from './stored-rows.ts';

const COUNTS = [1_000, 100_000, 1_000_000];
const CLIENTS = 20;
const ROUNDS = 5;
const STATUS_SECONDS = 2;
const SESSIONS_SECONDS = 1;
const CLAIM_ROUNDS = 6;
const OF_SMALLEST_MIN = 0.9;

/** A gateway with so many requests stored, and what was measured with it. */
interface House {
  readonly count: number;
  readonly file: string;
  readonly ids: readonly string[];
  readonly status: number[];
  readonly sessions: number[];
  readonly claimMs: number[];
}

/** The houses take turns in every round, forwards and backwards, so that a noise of the machine falls on all. */
export async function measureStored(place: Place): Promise<readonly Row[]> {
  const houses: House[] = [];
  for (const count of COUNTS) houses.push(await prepare(place, count));
  await measureClaims(houses);
  const gateways = new Map<House, Gateway>();
  const settings = await holdTurns(place);
  for (const house of houses) gateways.set(house, await startGateway(place, toName(house.count), settings));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const order = round % 2 === 0 ? [...gateways] : [...gateways].toReversed();
    for (const [house, gateway] of order) await measureReads(house, gateway, place.signal);
  }
  const readyMs = houses.map((house) => gateways.get(house)?.readyMs ?? Number.NaN);
  for (const gateway of gateways.values()) await gateway.end();
  const rates = (of: (house: House) => readonly number[]): readonly number[] =>
    houses.map((house) => median(of(house)));
  const perSecond = rates(({ claimMs }) => claimMs).map((ms) => 1_000 / ms);
  return [
    toRow(
      `GET /status, ${CLIENTS} clients`,
      '/s',
      rates(({ status }) => status),
      true,
    ),
    toRow('claims, one after the other', '/s', perSecond, true),
    toRow(
      `GET /sessions, ${WORKSPACES} of them`,
      '/s',
      rates(({ sessions }) => sessions),
      false,
    ),
    toRow('from spawn to ready', 'ms', readyMs, false),
  ];
}

async function prepare(place: Place, count: number): Promise<House> {
  await mkdir(place.path(toName(count)), { mode: 0o700 });
  const file = place.path(toName(count), 'gatehouse.db');
  return { count, file, ids: await storeRequests(file, count, place.signal), status: [], sessions: [], claimMs: [] };
}

/** On the store itself. Each claimed request is queued again, so that all of them find the same. */
async function measureClaims(houses: readonly House[]): Promise<void> {
  const { openSqliteStore } = (await import(`${ROOT}/dist/store/sqlite/open.js`)) as typeof Sqlite;
  const stores = await Promise.all(
    houses.map(async ({ file, claimMs }) => ({ store: await openSqliteStore({ file }), claimMs })),
  );
  for (let round = 1; round <= CLAIM_ROUNDS * WORKSPACES; round += 1) {
    for (const { store, claimMs } of stores) {
      const startedAt = performance.now();
      const claimed = await store.claim(toWorkspace(round % WORKSPACES), Date.now());
      claimMs.push(performance.now() - startedAt);
      if (claimed === null) throw new Error('nothing waits to be claimed');
      await store.requeue(claimed, Date.now());
    }
  }
  for (const { store } of stores) await store.close();
}

async function measureReads({ ids, status, sessions }: House, { url }: Gateway, signal: AbortSignal): Promise<void> {
  const headers = { 'x-api-key': KEY };
  const requests = ids.map((id) => ({ path: `/status/${id}` }));
  const byId = { url, headers, connections: CLIENTS, duration: STATUS_SECONDS, requests };
  status.push((await load(byId, signal)).perSecond);
  const all = { url: `${url}/sessions`, headers, connections: 1, duration: SESSIONS_SECONDS };
  sessions.push((await load(all, signal)).perSecond);
}

function toRow(name: string, unit: Unit, values: readonly number[], hasAim: boolean): Row {
  const figures = COUNTS.map((count, at): Figure => ({
    name: `${toText(count)} stored`,
    value: values[at] ?? Number.NaN,
    unit,
  }));
  const [smallest, ...others] = figures;
  const largest = others.pop();
  if (smallest === undefined || largest === undefined) throw new Error('two sizes at least are compared');
  return {
    ...largest,
    name: `${name}, ${largest.name}`,
    beside: [...others, smallest],
    aims: hasAim ? [{ kind: 'ratio', bound: 'at least', limit: OF_SMALLEST_MIN, of: smallest.name }] : [],
  };
}

function toName(count: number): string {
  return `stored-${count}`;
}

function toText(count: number): string {
  return count.toLocaleString('en');
}
