import { startPostgres, type PostgresServer } from '../tests/helpers/postgres/server.ts';
import { holdTurns, KEY, startGateway } from './gateway.ts';
import { load, type Load } from './load.ts';
import type { Environment, Place } from './place.ts';
import { startPlainFastify } from './plain-fastify.ts';
import { measureSyncs } from './rivals/disk.ts';
import type { Figure, Row } from './row.ts';
import { median } from './statistics.ts';

const CLIENTS = 100;
const ROUNDS = 3;
const SECONDS = 5;
const SYNCS_MS = 3_000;
const PER_SECOND_MIN = 2_000;
const OF_FASTIFY_MIN = 0.2;
const P99_MAX_MS = 60;

/** In which workspace a client works. */
const CROWDS = {
  own: (client: number) => `w${client}`,
  one: () => 'w',
} as const;
type Crowd = keyof typeof CROWDS;

const DATABASES = ['sqlite', 'postgres'] as const;
type Database = (typeof DATABASES)[number];

/** Each client waits for the answer before it sends again. */
export async function measureAccepts(place: Place): Promise<readonly Row[]> {
  const postgres = await startPostgres({ onDisk: true });
  place.defer(() => postgres[Symbol.asyncDispose]());
  const stored = new Map<string, Load[]>();
  const plain: Load[] = [];
  const syncs: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const crowd of ['own', 'one'] as const) {
      for (const database of DATABASES) {
        const key = `${crowd} ${database}`;
        const measured = await measureOnce(place, `accepts-${crowd}-${database}-${round}`, crowd, database, postgres);
        stored.set(key, [...(stored.get(key) ?? []), measured]);
      }
    }
    const fastify = await startPlainFastify(place);
    plain.push(await submit(fastify.url, CROWDS.own, place.signal));
    await fastify.end();
    syncs.push(measureSyncs(place.path('syncs'), SYNCS_MS));
  }
  const of = (crowd: Crowd, database: Database): readonly Load[] => stored.get(`${crowd} ${database}`) ?? [];
  const disk: Figure = { name: 'the disk: 4 kB and a sync, one after the other', value: median(syncs), unit: '/s' };
  return [
    ...toRows(`durable accepts, ${CLIENTS} clients`, of('own', 'sqlite'), of('own', 'postgres'), plain, [disk]),
    ...toRows(
      `durable accepts, ${CLIENTS} clients of one session`,
      of('one', 'sqlite'),
      of('one', 'postgres'),
      plain,
      [],
    ),
  ];
}

async function measureOnce(
  place: Place,
  name: string,
  crowd: Crowd,
  database: Database,
  postgres: PostgresServer,
): Promise<Load> {
  const settings: Environment = database === 'sqlite' ? {} : { DATABASE_URL: await postgres.createDatabase(name) };
  const gateway = await startGateway(place, name, { ...(await holdTurns(place)), ...settings });
  await gateway.call('POST', '/execute', toBody('w0'));
  const measured = await submit(gateway.url, CROWDS[crowd], place.signal);
  await gateway.end();
  return measured;
}

const FASTIFY = 'Fastify, which stores nothing';
const POSTGRES = 'with Postgres on the same machine';

function toRows(
  name: string,
  sqlite: readonly Load[],
  postgres: readonly Load[],
  plain: readonly Load[],
  more: readonly Figure[],
): readonly Row[] {
  const rate = (of: readonly Load[]): number => median(of.map(({ perSecond }) => perSecond));
  const p99 = (of: readonly Load[]): number => median(of.map(({ p99Ms }) => p99Ms));
  return [
    {
      name,
      value: rate(sqlite),
      unit: '/s',
      beside: [
        ...more,
        { name: FASTIFY, value: rate(plain), unit: '/s' },
        { name: POSTGRES, value: rate(postgres), unit: '/s' },
      ],
      aims: [
        { kind: 'value', bound: 'at least', limit: PER_SECOND_MIN },
        { kind: 'ratio', bound: 'at least', limit: OF_FASTIFY_MIN, of: FASTIFY },
      ],
    },
    {
      name: 'their p99',
      value: p99(sqlite),
      unit: 'ms',
      beside: [
        { name: FASTIFY, value: p99(plain), unit: 'ms' },
        { name: POSTGRES, value: p99(postgres), unit: 'ms' },
      ],
      aims: [{ kind: 'value', bound: 'at most', limit: P99_MAX_MS }],
    },
  ];
}

function submit(url: string, toWorkspace: (client: number) => string, signal: AbortSignal): Promise<Load> {
  let clients = 0;
  return load(
    {
      url: `${url}/execute`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': KEY },
      connections: CLIENTS,
      duration: SECONDS,
      setupClient: (client) => client.setBody(JSON.stringify(toBody(toWorkspace((clients += 1))))),
    },
    signal,
  );
}

function toBody(workspace: string): object {
  return { workspace, command: 'List the open tasks, and say which of them is the oldest.' };
}
