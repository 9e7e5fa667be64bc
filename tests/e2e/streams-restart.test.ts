import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type EventRow, toEvent } from '../../src/store/sql/rows.ts';
import { HOUSE_KEY, openGatewayHouse, type GatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { connectStream, readSse, type EventReader, type StreamedEvent } from '../helpers/stream-clients.ts';
import { until } from '../helpers/until.ts';

const withKey = { 'x-api-key': HOUSE_KEY };
const FIRST = 'Before the crash.\n'.repeat(1_500);

let folder: string;
let agent: InstalledAgent;
let house: GatewayHouse;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-streams-'));
  agent = await installScriptedAgent(folder);
  const ask = { tool: 'Write', input: { file_path: '/nowhere/x', content: 'x' }, denied: 'denied' };
  const said = { lines: { count: 15, everyMs: 30 }, hold: agent.gate('rest'), first: FIRST };
  agent.rewrite([{ match: '^long', do: { ...said, ask, text: 'After it.\nThe end.' } }]);
  house = await openGatewayHouse({ agent });
});

afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

type Connect = (after: number) => Promise<EventReader>;

/** Reads so many events, goes away, and comes again behind the last one, until the request has ended. */
async function readInParts(connect: Connect, nextCount: () => number): Promise<readonly StreamedEvent[]> {
  const joined: StreamedEvent[] = [];
  while (joined.at(-1)?.type !== 'request.completed') {
    const reader = await connect(joined.at(-1)?.seq ?? 0).catch(() => null);
    // While no gateway runs.
    if (reader === null) {
      await until(async () => (await house.call('GET', '/livez').catch(() => null)) !== null);
      continue;
    }
    let isOver = false;
    void reader.ended.then(() => (isOver = true));
    const count = nextCount();
    await until(() => isOver || reader.events.length >= count);
    joined.push(...reader.events.slice(0, count));
    reader.cut();
    await reader.ended;
  }
  return joined;
}

/** The same numbers in each run. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 1 + (state % 6);
  };
}

async function readLog(requestId: string): Promise<readonly StreamedEvent[]> {
  const rows = await house.read(`SELECT * FROM events WHERE request_id = '${requestId}' ORDER BY seq`);
  return (rows as unknown as readonly EventRow[]).map(toEvent);
}

/** Allows what the agent asks. */
async function allow(id: string): Promise<void> {
  const open = await until(async () => {
    const { body } = await house.call('GET', `/approvals?state=open&requestId=${id}`);
    return (body['approvals'] as readonly { readonly id: string }[])[0];
  });
  await house.call('POST', `/approvals/${open.id}`, { json: { decision: 'allow' } });
}

test('streams that are cut at every event, over a kill of the gateway, join to exactly the log', async () => {
  const first = house.start();
  await first.ready();
  const json = { workspace: 'w', command: 'long story' };
  const id = (await house.call('POST', '/execute', { json })).body['requestId'] as string;
  const sse: Connect = (after) =>
    readSse(`${house.url}/status/${id}/events`, { ...withKey, 'last-event-id': String(after) });
  const stream: Connect = (after) => connectStream(`${house.url}/stream?requestId=${id}&after=${after}`, withKey);
  const one = (): number => 1;
  const readings = Promise.all([
    readInParts(sse, one),
    readInParts(stream, one),
    ...[1, 2, 3].flatMap((seed) => [readInParts(sse, createDice(seed)), readInParts(stream, createDice(seed * 7))]),
  ]);
  // In the middle of what it says.
  await until(async () => (await readSoFar(sse)).some(({ data }) => String(data['text']).includes('line 5\n')));
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = house.start();
  await second.ready();
  agent.release('rest');
  await allow(id);
  const joined = await readings;
  const log = await readLog(id);
  for (const events of joined) expect(events).toEqual(log);
  expect(log.length).toBeGreaterThan(15);
  expect(log.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['agent.said', 'tool.started', 'approval.opened', 'approval.allowed', 'tool.ended']),
  );
  const said = log.flatMap(({ type, data }) => (type === 'agent.said' ? String(data['text']) : [])).join('');
  const lines = Array.from({ length: 15 }, (_, index) => `line ${index + 1}\n`).join('');
  expect(said).toBe(`${FIRST}${lines}After it.\nThe end.`);
}, 180_000);

async function readSoFar(connect: Connect): Promise<readonly StreamedEvent[]> {
  const reader = await connect(0);
  await until(() => reader.events.length > 0);
  reader.cut();
  await reader.ended;
  return reader.events;
}
