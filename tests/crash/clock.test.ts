import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openGatewayHouse, type GatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { promptsIn } from '../helpers/scripted-agent/journal.ts';
import { until } from '../helpers/until.ts';

const HOUR_MS = 3_600_000;
const WITHIN_MS = 60_000;
const LIMIT = 20;

let folder: string;
let agent: InstalledAgent;
let house: GatewayHouse;
let setClock: (byMs: number) => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
  agent = await installScriptedAgent(folder);
  agent.rewrite([
    { match: 'held (\\S+)', do: { hold: agent.gate('{1}') } },
    { match: 'lines', do: { lines: { count: 300, everyMs: 50 }, text: 'said it all' } },
    { match: '', do: { text: 'done' } },
  ]);
  const clockFile = path.join(folder, 'clock');
  house = await openGatewayHouse({
    agent,
    env: {
      CLOCK_FILE: clockFile,
      QUEUE_TIMEOUT_MS: String(2 * HOUR_MS),
      RATE_LIMIT_WINDOW_MS: '2000',
    },
  });
  const gateway = house.start(['--import', './tests/crash/set-clock.ts', 'src/main.ts', 'serve']);
  await gateway.ready();
  setClock = async (byMs) => {
    writeFileSync(clockFile, String(byMs));
    process.kill(gateway.pid, 'SIGUSR2');
    await until(() => existsSync(`${clockFile}.set`) && readFileSync(`${clockFile}.set`, 'utf8') === String(byMs));
  };
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const submit = async (workspace: string, command: string): Promise<string> => {
  const answer = await house.call('POST', '/execute', { json: { workspace, command } });
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  return String(answer.body['requestId']);
};
const read = async (id: string) => (await house.call('GET', `/status/${id}`)).body;
const ended = (id: string) =>
  until(async () => {
    const status = await read(id);
    return status.completedAt === null ? null : status;
  }, WITHIN_MS);

async function makeKey(wish: object): Promise<string> {
  const { body } = await house.call('POST', '/keys', { json: { name: 'a clock', scopes: ['read'], ...wish } });
  return String(body['key']);
}

const statusWith = async (key: string): Promise<number> => (await house.call('GET', '/requests', { key })).status;

for (const [name, byMs] of [
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
] as const) {
  test(`a clock that jumps an hour ${name} and back again ends no turn, loses nothing, and holds nobody up`, async () => {
    const key = await makeKey({ expiresAt: Date.now() + HOUR_MS / 2 });
    const limited = await makeKey({ rateLimitMax: LIMIT });
    const running = await submit(`w-${name}`, `held ${name}`);
    await until(async () => (await read(running)).phase === 'working', WITHIN_MS);
    const queued = await submit(`w-${name}`, 'queued');

    await setClock(byMs);
    expect(await statusWith(key)).toBe(byMs > 0 ? 401 : 200);
    // Its turn comes later: an agent lives by the clock of the machine, and here only that of the gateway is set.
    const meanwhile = await submit(`w-${name}`, 'meanwhile');
    for (let n = 0; n < LIMIT; n += 1) await statusWith(limited);

    await setClock(0);
    await until(async () => (await statusWith(limited)) === 200, WITHIN_MS);
    expect(await statusWith(key)).toBe(200);
    expect(await read(running)).toMatchObject({ state: 'running', phase: 'working' });
    agent.release(name, 'held on');
    expect(await ended(running)).toMatchObject({ state: 'completed', output: { text: 'held on' } });
    for (const id of [queued, meanwhile]) expect(await ended(id)).toMatchObject({ state: 'completed' });
    expect(await ended(await submit(`new-${name}`, 'new'))).toMatchObject({ state: 'completed' });
    expect((await house.call('GET', '/health')).status).toBe(200);
  }, 240_000);
}

test('a turn that runs while the clock is set forward and back, again and again, is neither timed out nor doubled', async () => {
  const command = 'say many lines';
  const timeoutMs = HOUR_MS / 2;
  const { body } = await house.call('POST', '/execute', { json: { workspace: 'w-lines', command, timeoutMs } });
  const id = String(body['requestId']);
  const countEvents = async (): Promise<number> =>
    (await house.read(`SELECT seq FROM events WHERE request_id = '${id}'`)).length;
  await until(async () => (await read(id)).phase === 'working', WITHIN_MS);
  for (const byMs of [HOUR_MS, 0, -HOUR_MS, 0, HOUR_MS, -HOUR_MS, 0]) {
    await setClock(byMs);
    const known = await countEvents();
    // The gateway goes on with it by this clock, too; a slow machine may come too late to see that.
    await until(async () => (await countEvents()) > known + 2 || (await read(id)).completedAt !== null, WITHIN_MS);
  }
  expect(await ended(id)).toMatchObject({
    state: 'completed',
    output: { text: expect.stringContaining('said it all') },
  });
  expect(promptsIn(house.journal()).filter((prompt) => prompt === command)).toEqual([command]);
}, 240_000);
