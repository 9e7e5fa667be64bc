import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EventRow, toEvent } from '../../../src/store/sql/rows.ts';
import { HOUSE_KEY, openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../../helpers/gateway-house.ts';
import { installScriptedAgent, type InstalledAgent } from '../../helpers/scripted-agent/install.ts';
import { promptsIn } from '../../helpers/scripted-agent/journal.ts';
import { readSse } from '../../helpers/stream-clients.ts';
import { until } from '../../helpers/until.ts';
import { usePostgres } from './house.ts';

// What a gateway is for, once each: `npm run test:postgres` has the whole suites.

const { createDatabase } = usePostgres();
const TOOL = { tool: 'Write', input: { file_path: '/nowhere/x', content: 'x' }, denied: 'denied' };

let folder: string;
let agent: InstalledAgent;
let house: GatewayHouse;
let gateway: GatewayProcess;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-jobs-'));
  agent = await installScriptedAgent(folder);
  agent.rewrite([
    { match: '^hold', do: { lines: { count: 3, everyMs: 10 }, hold: agent.gate('hold'), text: 'held' } },
    { match: '^ask', do: { ask: TOOL, text: 'allowed' } },
    { match: '^job (\\S+)', do: { text: 'done {1}' } },
  ]);
  const root = path.join(folder, 'files');
  const env = { TASKS_DIR: path.join(root, 'tasks'), RESPONSES_DIR: path.join(root, 'responses') };
  house = await openGatewayHouse({ agent, env: { ...env, DATABASE_URL: await createDatabase() } });
  gateway = house.start();
  await gateway.ready();
});

afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

async function submit(workspace: string, command: string): Promise<string> {
  const { status, body } = await house.call('POST', '/execute', { json: { workspace, command } });
  expect(status).toBe(202);
  return String(body['requestId']);
}

const read = async (id: string, headers = {}) => (await house.call('GET', `/status/${id}`, { headers })).body;
const ended = (id: string) => read(id, { prefer: 'wait=60' });
const follow = (id: string, after: number) =>
  readSse(`${house.url}/status/${id}/events`, { 'x-api-key': HOUSE_KEY, 'last-event-id': String(after) });

async function readLog(id: string) {
  const rows = await house.read(`SELECT * FROM events WHERE request_id = '${id}' ORDER BY seq`);
  return (rows as unknown as readonly EventRow[]).map(toEvent);
}

test('prompts of one workspace run one after the other, in order, each with its answer', async () => {
  const ids = [await submit('one', 'job a'), await submit('one', 'job b'), await submit('one', 'job c')];
  const answers = await Promise.all(ids.map(ended));
  expect(answers.map(({ state, output }) => [state, (output as { text?: string }).text])).toEqual([
    ['completed', 'done a'],
    ['completed', 'done b'],
    ['completed', 'done c'],
  ]);
  expect(promptsIn(house.journal())).toEqual(['job a', 'job b', 'job c']);
});

test('what an agent asks waits for a decision, and goes on with it', async () => {
  const id = await submit('asking', 'ask me');
  const open = await until(async () => {
    const { body } = await house.call('GET', `/approvals?state=open&requestId=${id}`);
    return (body['approvals'] as readonly { readonly id: string }[])[0];
  });
  expect((await house.call('POST', `/approvals/${open.id}`, { json: { decision: 'allow' } })).status).toBe(200);
  expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: expect.stringContaining('allowed') } });
});

test('a file becomes a request, and its answer a file', async () => {
  const place = (name: string): string => path.join(folder, 'files', name);
  await writeFile(place('tasks/.one'), JSON.stringify({ workspace: 'files', command: 'job file' }));
  await rename(place('tasks/.one'), place('tasks/one.json'));
  const answer = place('responses/one.response.md');
  await until(() => existsSync(answer));
  expect(readFileSync(answer, 'utf8')).toMatch(/^---\nrequest_id: \S+\nsource: file\n[^]*\n\ndone file\n$/);
});

test('a turn and its stream go on over a kill of the gateway: nothing is lost, and nothing runs twice', async () => {
  const id = await submit('killed', 'hold on');
  const next = await submit('killed', 'job next');
  const before = await follow(id, 0);
  await until(() => before.events.some(({ data }) => String(data['text']).includes('line 3')));
  process.kill(gateway.pid, 'SIGKILL');
  await Promise.all([gateway.exited, before.ended]);
  gateway = house.start();
  await gateway.ready();
  const after = await follow(id, before.events.at(-1)?.seq ?? 0);
  agent.release('hold');
  expect(await ended(next)).toMatchObject({ state: 'completed', output: { text: 'done next' } });
  await after.ended;
  expect([...before.events, ...after.events]).toEqual(await readLog(id));
  expect(await read(id)).toMatchObject({ state: 'completed', output: { text: expect.stringContaining('held') } });
  expect(promptsIn(house.journal()).filter((prompt) => prompt === 'hold on')).toHaveLength(1);
});
