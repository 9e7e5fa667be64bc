import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connectBot } from '../helpers/bot-client.ts';
import { HOUSE_KEY, openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../helpers/gateway-house.ts';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { until } from '../helpers/until.ts';

const task = (command: string, more: object = {}): object => ({ type: 'task', command, ...more });

/** The acceptance criteria of seed 001: a gateway process, real sockets, a real folder. */
describe('the bot server', () => {
  let folder: string;
  let agent: InstalledAgent;
  let house: GatewayHouse;

  let gateway: GatewayProcess;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-bot-'));
    agent = await installScriptedAgent(folder);
    agent.rewrite([
      { match: 'hold (\\S+)', do: { hold: agent.gate('{1}'), text: 'done {1}' } },
      { match: 'task (\\S+)', do: { text: 'done {1}' } },
    ]);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  beforeEach(async () => {
    house = await openGatewayHouse({ agent });
    await start();
  });

  afterEach(() => house.close());

  async function start(): Promise<void> {
    const { port } = new URL(house.url);
    gateway = house.start(['src/main.ts', 'serve', '--port', port], {
      // What --port goes before.
      HTTP_API_PORT: '1',
      TASKS_DIR: path.join(house.root, 'tasks'),
      RESPONSES_DIR: path.join(house.root, 'responses'),
      LOG_LEVEL: 'info',
    });
    await gateway.ready();
  }

  const connect = () => connectBot(house.url, HOUSE_KEY);

  function drop(name: string, text: string): void {
    writeFileSync(path.join(house.root, 'tasks', '.draft'), text);
    renameSync(path.join(house.root, 'tasks', '.draft'), path.join(house.root, 'tasks', name));
  }

  const responses = (): readonly string[] =>
    readdirSync(path.join(house.root, 'responses'))
      .filter((name) => !name.startsWith('.'))
      .toSorted();
  const response = (name: string): string => readFileSync(path.join(house.root, 'responses', name), 'utf8');
  const status = async () => (await house.call('GET', '/status')).body;

  test('starts with --port, and stays alive and answers while it works', async () => {
    expect(await status()).toMatchObject({ status: 'idle', tasks_processed: 0, current_task: null });
    await house.call('POST', '/api/task', { json: { task_id: 'TASK-1', command: 'hold one' } });
    await until(async () => (await status()).current_task === 'TASK-1');
    expect(await status()).toMatchObject({ status: 'busy', current_source: 'bot' });
    agent.release('one');
    await until(async () => (await status()).tasks_processed === 1);
    expect(await status()).toMatchObject({ status: 'idle', current_task: null });
  });

  test('runs WebSocket tasks before HTTP tasks before files, and tells each where it came from', async () => {
    const client = await connect();
    client.send(task('hold first'));
    await client.gets({ event: 'request.working' });
    drop('file.json', '{"command":"task file"}');
    await until(async () => (await status()).tasks_waiting === 1);
    const http = await house.call('POST', '/api/task', { json: { task_id: 'T', command: 'task http' } });
    expect(http).toMatchObject({ status: 202, body: { status: 'queued', task_id: 'T', source: 'bot' } });
    client.send(task('task ws'));
    await until(async () => (await status()).tasks_waiting === 3);
    agent.release('first');
    expect(await client.gets({ type: 'result', content: 'done ws' })).toMatchObject({ success: true, source: 'ws' });
    await until(() => responses()[0]);
    const prompts = house
      .journal()
      .filter(({ event }) => event === 'prompt')
      .map(({ prompt }) => prompt);
    expect(prompts).toEqual(['hold first', 'task ws', 'task http', 'task file']);
    expect(responses()).toEqual(['file.response.md']);
    expect(response('file.response.md')).toMatch(
      /^---\nrequest_id: \S+\nsource: file\n[^]*state: completed\n[^]*done file\n$/,
    );
    const answered = await house.call('GET', `/status/${http.body.requestId}`);
    expect(answered.body).toMatchObject({ source: 'bot', state: 'completed', output: { text: 'done http' } });
    await client.close();
  });

  test('loses nothing of a client that goes away, nor of one whose gateway is killed', async () => {
    const gone = await connect();
    gone.send(task('hold lost'));
    await gone.gets({ event: 'request.working' });
    gone.send(task('task two'));
    await until(() => gone.frames.filter(({ type }) => type === 'accepted').length === 2);
    await gone.vanish();
    const other = await connect();
    other.send(task('task three'));
    await other.gets({ type: 'accepted' });
    const ids = [...gone.frames, ...other.frames].filter(({ type }) => type === 'accepted').map((f) => f.requestId);
    process.kill(gateway.pid, 'SIGKILL');
    await gateway.exited;
    await start();
    agent.release('lost');
    await until(() => responses().length === 3);
    expect(responses()).toEqual(ids.map((id) => `${id}.response.md`).toSorted());
    expect(ids.map((id) => /\n\n(.*)\n$/.exec(response(`${id}.response.md`))?.[1])).toEqual([
      'done lost',
      'done two',
      'done three',
    ]);
    const { body } = await house.call('GET', `/status/${ids[2]}`);
    expect(body).toMatchObject({ state: 'completed', priority: 'background', source: 'ws' });
  });

  test('answers what it cannot take with an error, logs it, and goes on', async () => {
    const broken = await house.call('POST', '/api/task', { raw: '{' });
    expect(broken).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    const empty = await house.call('POST', '/api/task', { json: { task_id: 'T' } });
    expect(empty).toMatchObject({ status: 400, body: { field: 'command' } });
    const client = await connect();
    client.send('{');
    expect(await client.gets({ type: 'error' })).toMatchObject({ success: false, source: 'ws' });
    client.send({ type: 'task' });
    expect(await client.gets({ type: 'error', field: 'command' })).toMatchObject({ success: false });
    client.send(task('task after all'));
    expect(await client.gets({ type: 'result' })).toMatchObject({ success: true, content: 'done after' });
    await client.close();
    await until(() => house.log().match(/"msg":"http.frame_refused"/g)?.length === 2);
    expect(await status()).toMatchObject({ status: 'idle', tasks_processed: 1 });
  });

  test('shows a folder that vanished in its health, and goes on when it is back', async () => {
    expect((await house.call('GET', '/health')).body.checks.filesystem).toEqual({ healthy: true });
    renameSync(path.join(house.root, 'tasks'), path.join(house.root, 'away'));
    await until(async () => {
      const { body } = await house.call('GET', '/health');
      return body.checks.filesystem.error === 'TASKS_DIR cannot be used (ENOENT)';
    });
    renameSync(path.join(house.root, 'away'), path.join(house.root, 'tasks'));
    drop('a.md', 'task back');
    await until(() => responses()[0]);
    await until(async () => (await house.call('GET', '/health')).body.checks.filesystem.healthy);
  });
});
