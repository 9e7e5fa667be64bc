import { mkdir } from 'node:fs/promises';
import type { NewRequest } from '../../src/core/ports/requests/acceptance.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type * as Sqlite from '../../src/store/sqlite/open.ts';
import { ROOT, startGateway } from '../gateway.ts';
import type { Place } from '../place.ts';
import type { Row } from '../row.ts';
import { REACHING, startReceivers } from './receivers.ts';

const ADDRESSES = 100;
const DUE = 5_000;
const PER_SECOND_MIN = 500;
const TEXT = 'The oldest open task is the first one. Nobody has taken it so far. '.repeat(4);

/** All are owed before the gateway starts, which finds them due at once. From the first arrival to the last. */
export async function measureBurst(place: Place): Promise<Row> {
  const receivers = await startReceivers(place, 'receivers', ADDRESSES);
  await oweAnswers(place, 'burst', receivers.urls);
  const gateway = await startGateway(place, 'burst', REACHING);
  const times = (await receivers.receive(DUE)).map(({ at }) => at);
  await gateway.end();
  await receivers.end();
  const seconds = (Math.max(...times) - Math.min(...times)) / 1_000;
  return {
    name: `${DUE.toLocaleString('en')} deliveries due at once, to ${ADDRESSES} webhooks`,
    value: times.length / seconds,
    unit: '/s',
    beside: [],
    aims: [{ kind: 'value', bound: 'at least', limit: PER_SECOND_MIN }],
  };
}

async function oweAnswers(place: Place, name: string, urls: readonly string[]): Promise<void> {
  const { openSqliteStore } = (await import(`${ROOT}/dist/store/sqlite/open.js`)) as typeof Sqlite;
  await mkdir(place.path(name), { mode: 0o700 });
  const store = await openSqliteStore({ file: place.path(name, 'gatehouse.db') });
  await Promise.all(Array.from({ length: DUE }, (_, at) => answer(store, at, urls[at % urls.length] ?? '')));
  await store.close();
}

async function answer(store: Store, at: number, url: string): Promise<void> {
  const [id, now] = [`req-${at}`, Date.now()];
  const request: NewRequest = {
    id,
    workspace: `w${at}`,
    agent: 'claude',
    source: 'http',
    identity: { transport: 'http', user_id: 'key', channel_id: 'http-api', thread_id: null },
    priority: 'normal',
    prompt: 'Which task is the oldest?',
    timeoutMs: 1_800_000,
    replyTo: `webhook:${url}`,
    createdAt: now,
  };
  await store.accept(request, { total: DUE, perSession: DUE }, null);
  const how = { state: 'completed', reason: null, error: null, text: TEXT, usage: null } as const;
  await store.endQueued(id, how, now);
}
