import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCommandLine, type CommandLine } from '../../helpers/gatehouse-command.ts';
import { HOUSE_KEY, openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../../helpers/gateway-house.ts';
import { installScriptedAgent } from '../../helpers/scripted-agent/install.ts';
import { until } from '../../helpers/until.ts';

let folder: string;
let house: GatewayHouse;
let gateway: GatewayProcess;
let cli: CommandLine;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-attach-'));
  house = await openGatewayHouse({
    agent: await installScriptedAgent(folder),
    env: { TERMINAL_WRITE_ENABLED: 'true' },
  });
  gateway = house.start();
  await gateway.ready();
  cli = createCommandLine({ GATEHOUSE_URL: house.url, GATEHOUSE_API_KEY: HOUSE_KEY }, folder);
  await cli.run(['run', '-w', 'demo', 'Say hello']);
});

afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const SIZE = { columns: 100, rows: 40 };
const DETACH = '\u001D';

test('shows the session, takes keys, and leaves with the detach key while the session goes on', async () => {
  const { shows, type, exited } = cli.open(['attach', 'demo'], SIZE);
  await shows('echo: Say hello');
  type('typed by hand\r');
  await shows('echo: typed by hand');
  type(DETACH);
  await shows('left demo, which goes on');
  expect(await exited).toBe(0);
  expect((await cli.run(['sessions'])).stdout).toMatch(/^demo\tidle/m);
});

test('only watches with --read-only', async () => {
  const { shows, type, exited } = cli.open(['attach', 'demo', '--read-only'], SIZE);
  await shows('echo: Say hello');
  type('never typed\r');
  type(DETACH);
  expect(await exited).toBe(0);
  expect((await cli.run(['screen', 'demo'])).stdout).not.toContain('never typed');
});

test('survives restarts of the gateway and loses no key', async () => {
  const { shows, type, exited } = cli.open(['attach', 'demo'], SIZE);
  await shows('echo: Say hello');
  const words: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    for (const [at, letter] of [...letters].entries()) {
      type(letter);
      // In the middle of what is typed; the rest is typed while nobody listens.
      if (at === 9) process.kill(gateway.pid, round === 1 ? 'SIGKILL' : 'SIGTERM');
      if (at === 15) await gateway.exited;
    }
    words.push(letters);
    gateway = house.start();
    await gateway.ready();
    await until(async () => (await cli.run(['screen', 'demo'])).stdout.includes(words.join('')));
  }
  type('\r');
  await shows(`echo: ${words.join('')}`);
  type(DETACH);
  expect(await exited).toBe(0);
});

test('says what is wrong before it takes the screen', async () => {
  const { shows, exited } = cli.open(['attach', 'nowhere'], SIZE);
  await shows('refused with 404');
  expect(await exited).toBe(1);
});

test('ends with the session', async () => {
  const { shows, exited } = cli.open(['attach', 'demo'], SIZE);
  await shows('echo: Say hello');
  await house.call('DELETE', '/session/demo');
  await shows('the session ended');
  expect(await exited).toBe(0);
});
