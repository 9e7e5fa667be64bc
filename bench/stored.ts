import { mkdir } from 'node:fs/promises';
import type { Store } from '../src/core/ports/store.ts';
import type * as Sqlite from '../src/store/sqlite/open.ts';
import { holdTurns, KEY, ROOT, startGateway, type Gateway } from './gateway.ts';
import { load } from './load.ts';
import type { Environment, Place } from './place.ts';
import { startPlainFastify } from './plain-fastify.ts';
import type { Figure, Row, Unit } from './row.ts';
import { median } from './statistics.ts';
import { storeRequests, toWorkspace, WORKSPACES } from './stored-rows.ts';
import { openTwin } from './stored-twin.ts';

const COUNTS = [1_000, 100_000, 1_000_000];
const HUGE_COUNTS = [1_000, 10_000_000];
/** So many are in Postgres, too. */
const TWIN_COUNT = 100_000;
const CLIENTS = 20;
const ROUNDS = 5;
const STATUS_SECONDS = 2;
const SESSIONS_SECONDS = 1;
const CLAIM_ROUNDS = 6;
const OF_SMALLEST_MIN = 0.9;
const OF_FASTIFY_MIN = 0.35;
const FASTIFY = 'Fastify, which stores nothing';

/** A gateway with so many requests stored, and what was measured with it. */
export interface House {
  readonly name: string;
  readonly count: number;
  readonly file: string;
  readonly settings: Environment;
  readonly open: () => Promise<Store>;
  readonly ids: readonly string[];
  readonly status: number[];
  readonly sessions: number[];
  readonly claimMs: number[];
}

/** The houses take turns in every round, forwards and backwards, so that a noise of the machine falls on all. */
export async function measureStored(place: Place): Promise<readonly Row[]> {
  const houses: House[] = [];
  for (const count of COUNTS) houses.push(await prepare(place, count));
  const twins: House[] = [];
  for (const house of houses) if (house.count === TWIN_COUNT) twins.push(await openTwin(place, house));
  const all = [...houses, ...twins];
  await measureClaims(all);
  const gateways = new Map<House, Gateway>();
  const settings = await holdTurns(place);
  for (const house of all)
    gateways.set(house, await startGateway(place, house.name, { ...settings, ...house.settings }));
  const plain: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const order = round % 2 === 0 ? [...gateways] : [...gateways].toReversed();
    for (const [house, gateway] of order) await measureReads(house, gateway, place.signal);
    plain.push(await measurePlain(place, houses[0]?.ids ?? []));
  }
  const readyMs = houses.map((house) => gateways.get(house)?.readyMs ?? Number.NaN);
  for (const gateway of gateways.values()) await gateway.end();
  const rates = (of: (house: House) => readonly number[]): readonly number[] =>
    houses.map((house) => median(of(house)));
  const toTwins = (of: (house: House) => number): readonly Figure[] =>
    twins.map((twin) => ({ name: `with Postgres, ${toText(twin.count)} stored`, value: of(twin), unit: '/s' }));
  const status = toRow(
    `GET /status, ${CLIENTS} clients`,
    '/s',
    rates((house) => house.status),
    true,
  );
  const claims = toClaims(COUNTS, houses);
  return [
    {
      ...status,
      beside: [
        ...status.beside,
        ...toTwins((twin) => median(twin.status)),
        { name: FASTIFY, value: median(plain), unit: '/s' },
      ],
      aims: [...status.aims, { kind: 'ratio', bound: 'at least', limit: OF_FASTIFY_MIN, of: FASTIFY }],
    },
    { ...claims, beside: [...claims.beside, ...toTwins(toClaimRate)] },
    toRow(
      `GET /sessions, ${WORKSPACES} of them`,
      '/s',
      rates(({ sessions }) => sessions),
      false,
    ),
    toRow('from spawn to ready', 'ms', readyMs, false),
  ];
}

/** Only when it is named: it takes its time, and some 12 GB. */
export async function measureHuge(place: Place): Promise<readonly Row[]> {
  const houses: House[] = [];
  for (const count of HUGE_COUNTS) houses.push(await prepare(place, count));
  await measureClaims(houses);
  return [toClaims(HUGE_COUNTS, houses)];
}

const toClaimRate = ({ claimMs }: House): number => 1_000 / median(claimMs);

function toClaims(counts: readonly number[], houses: readonly House[]): Row {
  return toRow('claims, one after the other', '/s', houses.map(toClaimRate), true, counts);
}

async function prepare(place: Place, count: number): Promise<House> {
  await mkdir(place.path(toName(count)), { mode: 0o700 });
  const file = place.path(toName(count), 'gatehouse.db');
  const ids = await storeRequests(file, count, place.signal);
  const open = async (): Promise<Store> => {
    const { openSqliteStore } = (await import(`${ROOT}/dist/store/sqlite/open.js`)) as typeof Sqlite;
    return openSqliteStore({ file });
  };
  return { name: toName(count), count, file, settings: {}, open, ids, status: [], sessions: [], claimMs: [] };
}

/** On the store itself. Each claimed request is queued again, so that all of them find the same. */
async function measureClaims(houses: readonly House[]): Promise<void> {
  const stores = await Promise.all(houses.map(async ({ open, claimMs }) => ({ store: await open(), claimMs })));
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

async function measurePlain(place: Place, ids: readonly string[]): Promise<number> {
  const fastify = await startPlainFastify(place);
  const requests = ids.map((id) => ({ path: `/status/${id}` }));
  const { perSecond } = await load(
    { url: fastify.url, connections: CLIENTS, duration: STATUS_SECONDS, requests },
    place.signal,
  );
  await fastify.end();
  return perSecond;
}

function toRow(
  name: string,
  unit: Unit,
  values: readonly number[],
  hasAim: boolean,
  counts: readonly number[] = COUNTS,
): Row {
  const figures = counts.map((count, at): Figure => ({
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
