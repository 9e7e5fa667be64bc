import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../helpers/gateway-house.ts';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { killAll, processesWith } from '../helpers/process-tree.ts';
import { openSmallDisk, whyNoSmallDisk, type SmallDisk } from '../helpers/small-disk.ts';
import { until } from '../helpers/until.ts';

const MANY = 200;
/** Without credentials each request ends at once, and no agent takes part. */
const ENV = { ANTHROPIC_API_KEY: '', QUEUE_MAX: '10000', SESSION_QUEUE_MAX: '10000', LOG_LEVEL: 'error' };

let folder: string;
let agent: InstalledAgent;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
  agent = await installScriptedAgent(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Asked {
  readonly key: string;
  readonly status: number;
  readonly id: string | null;
  readonly text: string;
}

async function ask(house: GatewayHouse, key: string): Promise<Asked> {
  const json = { workspace: 'w', command: `job ${key} ${'x'.repeat(2_000)}` };
  const answer = await house.call('POST', '/execute', { json, headers: { 'idempotency-key': key } });
  const id = answer.status === 202 ? String(answer.body['requestId']) : null;
  return { key, status: answer.status, id, text: answer.text };
}

async function expectKept(house: GatewayHouse, asked: readonly Asked[]): Promise<void> {
  for (const { id } of asked) {
    if (id !== null) expect([id, (await house.call('GET', `/status/${id}`)).status]).toEqual([id, 200]);
  }
}

const whyNot = whyNoSmallDisk();
const suite = whyNot === null ? describe : describe.skip;

suite(`a disk that refuses${whyNot === null ? '' : ` (${whyNot}: skipped)`}`, () => {
  let disk: SmallDisk;
  let house: GatewayHouse;
  let gateway: GatewayProcess;
  beforeEach(async () => {
    disk = openSmallDisk();
    mkdirSync(path.join(disk.path, 'data'), { mode: 0o700 });
    house = await openGatewayHouse({ agent, env: { ...ENV, DATA_DIR: path.join(disk.path, 'data') } });
    gateway = house.start();
    await gateway.ready();
  }, 180_000);
  afterEach(async () => {
    await house.close();
    disk[Symbol.dispose]();
  }, 180_000);

  async function askUntilRefused(name: string): Promise<readonly Asked[]> {
    const asked: Asked[] = [];
    for (let n = 0; n < MANY && asked.at(-1)?.status !== 503; n += 1) asked.push(await ask(house, `${name}-${n}`));
    return asked;
  }

  test('full: requests are refused with 503 and a sentence, what was accepted is kept, and with room all goes on', async () => {
    disk.fill();
    const asked = await askUntilRefused('full');
    const refused = asked.at(-1);
    expect(refused?.status).toBe(503);
    expect(refused?.text).toMatch(/The database cannot be written \(.*\), so nothing was stored/);
    await expectKept(house, asked);
    disk.makeRoom();
    expect(await until(async () => (await ask(house, refused?.key ?? '')).status === 202 && 'yes')).toBe('yes');
    await expectKept(house, asked);
  }, 180_000);

  test('full at the start: the gateway says so and ends, and with room it starts', async () => {
    const asked = [await ask(house, 'before')];
    process.kill(gateway.pid, 'SIGKILL');
    await gateway.exited;
    disk.fill();
    const logged = house.log().length;
    const next = house.start();
    const how = await Promise.race([
      next.exited,
      next.ready().then(
        () => 'ready',
        () => 'ended',
      ),
    ]);
    // It may need nothing that is not there; then it is as full as in its life.
    if (how === 'ready') expect((await askUntilRefused('start')).at(-1)?.status).toBe(503);
    else expect(house.log().slice(logged)).toMatch(/cannot be written \(.*\).*DATA_DIR|DATA_DIR: .* cannot be written/);
    killAll([next.pid]);
    await next.exited;
    disk.makeRoom();
    await house.start().ready();
    await expectKept(house, asked);
  }, 180_000);

  test('read-only in the middle: requests are refused with 503, and what was accepted is there once it is whole again', async () => {
    const before = [await ask(house, 'before')];
    disk.break();
    const asked = await askUntilRefused('broken');
    expect(asked.at(-1)?.status).toBe(503);
    expect(asked.at(-1)?.text).toMatch(/The database cannot be written \(.*\), so nothing was stored/);
    expect((await house.call('GET', '/livez')).status).toBe(200);
    process.kill(gateway.pid, 'SIGKILL');
    await gateway.exited;
    killAll(processesWith(house.tmuxSocket));
    await until(() => processesWith(house.tmuxSocket).length === 0);
    disk.mend();
    await house.start().ready();
    await expectKept(house, [...before, ...asked]);
    expect((await ask(house, asked.at(-1)?.key ?? '')).status).toBe(202);
  }, 180_000);

  test('read-only at the start: the gateway says what to do and ends, and starts once it can be written', async () => {
    const asked = [await ask(house, 'before')];
    process.kill(gateway.pid, 'SIGKILL');
    await gateway.exited;
    disk.remount('ro');
    const logged = house.log().length;
    expect(await house.start().exited).toBe(1);
    expect(house.log().slice(logged)).toMatch(/DATA_DIR: .* is not a folder that this user can write/);
    disk.remount('rw');
    await house.start().ready();
    await expectKept(house, asked);
  }, 180_000);
});

describe('a database that is cut off', () => {
  let house: GatewayHouse;
  beforeEach(async () => {
    house = await openGatewayHouse({ agent, env: ENV });
  });
  afterEach(() => house.close(), 180_000);

  async function fillAndStop(): Promise<readonly Asked[]> {
    const gateway = house.start();
    await gateway.ready();
    const asked: Asked[] = [];
    for (let n = 0; n < 50; n += 1) asked.push(await ask(house, `job-${n}`));
    // Its end brings the log into the file.
    process.kill(gateway.pid, 'SIGTERM');
    await gateway.exited;
    return asked;
  }

  test.each([
    ['half of it', (size: number) => size / 2],
    ['all but its last page', (size: number) => size - 4_096],
    ['its first 100 bytes', () => 100],
  ])(
    'with %s left the gateway says what to do and ends, and starts with the whole one again',
    async (_name, toSize) => {
      const asked = await fillAndStop();
      const whole = `${house.database}.whole`;
      copyFileSync(house.database, whole);
      truncateSync(house.database, toSize(statSync(whole).size));
      const logged = house.log().length;
      expect(await house.start().exited).toBe(1);
      expect(house.log().slice(logged)).toMatch(/DATA_DIR: .* is damaged \(.*\): restore it from a backup/);
      copyFileSync(whole, house.database);
      await house.start().ready();
      await expectKept(house, asked);
    },
    180_000,
  );

  test('while it is used: what cannot be read or kept is refused with 503 and a sentence, and what was told is told again by a whole one', async () => {
    const before = await fillAndStop();
    const whole = readFileSync(house.database);
    const gateway = house.start();
    await gateway.ready();
    truncateSync(house.database, whole.length / 4);
    const answers: Asked[] = [];
    for (let n = 0; n < 20; n += 1) {
      answers.push(await ask(house, `cut-${n}`));
      const listed = await house.call('GET', '/requests?limit=100');
      answers.push({ key: '', status: listed.status, id: null, text: listed.text });
    }
    expect(answers.filter(({ status }) => ![200, 202, 503].includes(status))).toEqual([]);
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    for (const { text } of refused) expect(text).toMatch(/The database is damaged \(.*\), so nothing was stored/);
    process.kill(gateway.pid, 'SIGKILL');
    await gateway.exited;
    for (const end of ['-wal', '-shm']) rmSync(house.database + end, { force: true });
    writeFileSync(house.database, whole);
    await house.start().ready();
    await expectKept(house, before);
  }, 180_000);
});
