import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../helpers/until.ts';
import { checkOut, openDeployment, removeImage, requireDocker, type Deployment } from './deployment.ts';

const BUILD_MS = 10 * 60_000;
const STEP_MS = 3 * 60_000;
const PASSWORD = randomBytes(24).toString('hex');
const MIGRATE = ['--no-deps', '--entrypoint', 'gatehouse', 'gatehouse', 'migrate', '--from', 'sqlite'];

const image = `gatehouse-test-${randomBytes(4).toString('hex')}`;
let folder: string;
let gatehouse: Deployment;
let earlier: string;

// As docs/deployment.md says it: a gateway that was used with SQLite goes over.
beforeAll(async () => {
  await requireDocker();
  folder = await checkOut();
  gatehouse = await openDeployment(folder, image);
  await gatehouse.up();
  earlier = await gatehouse.submit('earlier', 'on SQLite');
  await gatehouse.end(earlier);
  await gatehouse.compose('stop', 'gatehouse');
  const line = `DATABASE_URL=postgres://gatehouse:${PASSWORD}@postgres/gatehouse\n`;
  await writeFile(path.join(folder, '.env'), `${line}COMPOSE_PROFILES=postgres\n`);
  await gatehouse.compose('up', '--detach', '--wait', 'postgres');
  await gatehouse.compose('run', '--rm', ...MIGRATE);
  await gatehouse.up();
}, 2 * BUILD_MS);

afterAll(async () => {
  await gatehouse?.remove();
  await removeImage(image);
  await rm(folder, { recursive: true, force: true });
}, STEP_MS);

test(
  'what was asked before the move is there, and the conversation goes on',
  async () => {
    expect(await gatehouse.end(earlier)).toMatchObject({ state: 'completed', output: { text: 'echo: on SQLite' } });
    const id = await gatehouse.submit('earlier', 'on Postgres');
    expect(await gatehouse.end(id)).toMatchObject({ state: 'completed', output: { text: 'echo: on Postgres' } });
  },
  STEP_MS,
);

test(
  'a killed server is told of with 503, and loses nothing when it is back',
  async () => {
    const before = await gatehouse.submit('kept', 'before the kill');
    await gatehouse.compose('kill', 'postgres');
    await until(async () => (await gatehouse.call('GET', `/status/${before}`)).status === 503, STEP_MS);
    await gatehouse.compose('up', '--detach', '--wait', 'postgres');
    await until(async () => (await gatehouse.call('GET', `/status/${before}`)).status === 200, STEP_MS);
    expect(await gatehouse.end(before)).toMatchObject({
      state: 'completed',
      output: { text: 'echo: before the kill' },
    });
  },
  STEP_MS,
);

test('an agent does not get in: the password is known to the gateway alone', async () => {
  const count = `sh -c "cat /proc/[0-9]*/environ 2>/dev/null | grep -ac ${PASSWORD}"`;
  const root = await gatehouse.exec('root', count);
  expect(Number(root.stdout)).toBeGreaterThan(0);
  // As its agents are started: `exec` itself hands on what the container was given.
  const agent = await gatehouse.exec('root', `agent ${count}`);
  expect(agent.stdout.trim()).toBe('0');
});
