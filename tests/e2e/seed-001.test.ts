import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectBot } from '../helpers/bot-client.ts';
import { TEST_KEY } from '../helpers/gateway-rig.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

/** What bot-server.test.ts proves with the scripted agent, once more with the real CLI: the way of the tasks. */
describe('the acceptance criteria of seed 001, with the real CLI', () => {
  const folder = createTempFolder();
  const place = (...names: readonly string[]): string => path.join(folder.path, ...names);
  const held = Promise.withResolvers<string>();
  let rig: ProcessRig;
  beforeAll(async () => {
    mkdirSync(place('tasks'));
    rig = await openProcessRig((prompt) => (prompt.startsWith('hold') ? held.promise : `echo: ${prompt}`), {
      TASKS_DIR: place('tasks'),
      RESPONSES_DIR: place('responses'),
    });
  });
  afterAll(async () => {
    await rig.close();
    folder[Symbol.dispose]();
  });

  test('a task of a WebSocket goes before one of HTTP and one of a file, and each is answered where it came from', async () => {
    const client = await connectBot(rig.baseUrl, TEST_KEY);
    client.send({ type: 'command', command: 'hold first' });
    await client.gets({ event: 'request.working' });
    const status = async () => (await rig.call('GET', '/status')).body;
    expect(await status()).toMatchObject({ status: 'busy', current_source: 'ws', tasks_processed: 0 });
    writeFileSync(place('tasks', '.draft'), 'from a file');
    renameSync(place('tasks', '.draft'), place('tasks', 'file.md'));
    const json = { task_id: 'TASK-1', command: 'over HTTP', priority: 'normal' };
    const queued = await rig.call('POST', '/api/task', { json });
    expect(queued).toMatchObject({ status: 202, body: { status: 'queued', task_id: 'TASK-1' } });
    client.send({ type: 'task', command: 'over a WebSocket' });
    await until(async () => (await status()).tasks_waiting === 3);
    held.resolve('held');

    const result = await client.gets({ type: 'result', content: 'echo: over a WebSocket' });
    expect(result).toMatchObject({ success: true, source: 'ws', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
    const response = await until(() => {
      try {
        return readFileSync(place('responses', 'file.response.md'), 'utf8');
      } catch {
        return null;
      }
    });
    expect(response).toMatch(/^---\n[^]*source: file\n[^]*state: completed\n[^]*echo: from a file\n$/);
    const { body } = await rig.call('GET', `/status/${queued.body.requestId}`);
    expect(body).toMatchObject({ state: 'completed', source: 'bot', output: { text: 'echo: over HTTP' } });
    expect(rig.model.prompts.map((prompt) => prompt.trimEnd())).toEqual([
      'hold first',
      'over a WebSocket',
      'over HTTP',
      'from a file',
    ]);
    await client.close();
  });
});
