import { holdTurns, KEY, startGateway } from './gateway.ts';
import { load, type Load } from './load.ts';
import type { Place } from './place.ts';
import { startPlainFastify } from './plain-fastify.ts';
import { measureSyncs } from './rivals/disk.ts';
import type { Row } from './row.ts';
import { median } from './statistics.ts';

const CLIENTS = 100;
const ROUNDS = 3;
const SECONDS = 6;
const SYNCS_MS = 3_000;
const PER_SECOND_MIN = 2_000;
const P99_MAX_MS = 100;

/** Each client sends to a workspace of its own, and waits for the answer before it sends again. */
export async function measureAccepts(place: Place): Promise<readonly Row[]> {
  const stored: Load[] = [];
  const plain: Load[] = [];
  const syncs: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const gateway = await startGateway(place, `accepts-${round}`, await holdTurns(place));
    await gateway.call('POST', '/execute', toBody(0));
    stored.push(await submit(gateway.url, place.signal));
    await gateway.end();
    const fastify = await startPlainFastify(place);
    plain.push(await submit(fastify.url, place.signal));
    await fastify.end();
    syncs.push(measureSyncs(place.path('syncs'), SYNCS_MS));
  }
  const fastify = 'Fastify, which stores nothing';
  const rate = (of: readonly Load[]): number => median(of.map(({ perSecond }) => perSecond));
  const p99 = (of: readonly Load[]): number => median(of.map(({ p99Ms }) => p99Ms));
  return [
    {
      name: `durable accepts, ${CLIENTS} clients`,
      value: rate(stored),
      unit: '/s',
      beside: [
        { name: 'the disk: 4 kB and a sync, one after the other', value: median(syncs), unit: '/s' },
        { name: fastify, value: rate(plain), unit: '/s' },
      ],
      aims: [{ kind: 'value', bound: 'at least', limit: PER_SECOND_MIN }],
    },
    {
      name: 'their p99',
      value: p99(stored),
      unit: 'ms',
      beside: [{ name: fastify, value: p99(plain), unit: 'ms' }],
      aims: [{ kind: 'value', bound: 'at most', limit: P99_MAX_MS }],
    },
  ];
}

function submit(url: string, signal: AbortSignal): Promise<Load> {
  let clients = 0;
  return load(
    {
      url: `${url}/execute`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': KEY },
      connections: CLIENTS,
      duration: SECONDS,
      setupClient: (client) => client.setBody(JSON.stringify(toBody((clients += 1)))),
    },
    signal,
  );
}

function toBody(client: number): object {
  return { workspace: `w${client}`, command: 'List the open tasks, and say which of them is the oldest.' };
}
