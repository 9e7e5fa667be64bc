import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openGatewayHouse, type GatewayHouse } from '../../helpers/gateway-house.ts';
import { installScriptedAgent, type InstalledAgent } from '../../helpers/scripted-agent/install.ts';
import { promptsIn } from '../../helpers/scripted-agent/journal.ts';
import { until } from '../../helpers/until.ts';
import { usePostgres } from './house.ts';

const { server, createDatabase } = usePostgres();

let folder: string;
let agent: InstalledAgent;
let house: GatewayHouse;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-away-'));
  agent = await installScriptedAgent(folder);
  agent.rewrite([
    { match: '^hold', do: { hold: agent.gate('hold'), text: 'held' } },
    { match: '', do: { text: 'done' } },
  ]);
  house = await openGatewayHouse({ agent, env: { DATABASE_URL: await createDatabase() } });
});

afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const submit = (command: string) => house.call('POST', '/execute', { json: { workspace: 'w', command } });
const ended = async (id: string) => (await house.call('GET', `/status/${id}`, { headers: { prefer: 'wait=60' } })).body;

test.each(['crash', 'fast'] as const)(
  'while the database is away after a %s, callers are told so; then the gateway goes on by itself, with the turn that ran',
  async (how) => {
    const gateway = house.start();
    await gateway.ready();
    const held = String((await submit('hold on')).body['requestId']);
    await until(async () => (await house.call('GET', `/status/${held}`)).body['phase'] === 'working');
    await server().stop(how);
    const refused = await submit('while it is away');
    expect([refused.status, refused.body['code']]).toEqual([503, 'storage_unavailable']);
    expect((await house.call('GET', `/status/${held}`)).status).toBe(503);
    expect((await house.call('GET', '/livez')).status).toBe(200);
    // Its end has nowhere to go yet.
    agent.release('hold');
    await server().start();
    expect(await ended(held)).toMatchObject({ state: 'completed', output: { text: 'held' } });
    const next = String((await submit('afterwards')).body['requestId']);
    expect(await ended(next)).toMatchObject({ state: 'completed', output: { text: 'done' } });
    expect(promptsIn(house.journal())).toEqual(['hold on', 'afterwards']);
    expect(await Promise.race([gateway.exited, Promise.resolve('alive')])).toBe('alive');
  },
);

test('a second gateway on the same database does not start, and says who uses it', async () => {
  await house.start().ready();
  const other = await openGatewayHouse({ agent, env: { DATABASE_URL: house.databaseUrl ?? '' } });
  expect(await other.start().exited).toBe(1);
  expect(other.log()).toMatch(/another gateway \(pid \d+ on .+\) already uses the database of DATABASE_URL/);
  await other.close();
});
