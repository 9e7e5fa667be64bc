import { describe, expect, test } from '@jest/globals';
import type { BotClient } from '../../helpers/bot-client.ts';
import { refusedUpgrade } from '../../helpers/terminal-client.ts';
import { until } from '../../helpers/until.ts';
import { readConfig } from '../../../src/config/config.ts';
import { openBotRig, type BotRig } from './bot-rig.ts';

const task = (command: string, more: object = {}): object => ({ type: 'task', command, ...more });
const stateOf = async (rig: BotRig, id: string): Promise<string> =>
  (await rig.house.api.requests.read(id)).request.state;

/** Two clients that wait for the same task `one`, behind `zero`, which is of the first alone. */
async function shareTask(rig: BotRig): Promise<readonly [BotClient, BotClient]> {
  const [first, second] = [await rig.connect(), await rig.connect()];
  first.send(task('zero'));
  await first.gets({ event: 'request.working' });
  first.send(task('one', { task_id: 'TASK-1' }));
  await first.gets({ type: 'accepted', task_id: 'TASK-1' });
  second.send(task('one', { task_id: 'TASK-1' }));
  await second.gets({ type: 'accepted' });
  return [first, second];
}

describe('GET /status', () => {
  test('is idle before the first task', async () => {
    await using rig = await openBotRig();
    const response = await rig.api.fetch('/status');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'idle',
      uptime: expect.any(Number),
      tasks_processed: 0,
      tasks_waiting: 0,
      current_task: null,
      current_request_id: null,
      current_source: null,
      workspace: 'bot',
    });
  });

  test('tells what runs, what waits and what has ended', async () => {
    await using rig = await openBotRig();
    const sent = await rig.api.post('/api/task', { task_id: 'TASK-1', command: 'one' });
    const { requestId } = (await sent.json()) as { requestId: string };
    await rig.api.post('/api/task', { task_id: 'TASK-2', command: 'two' });
    await rig.house.reached(requestId, 'working');
    expect(await (await rig.api.fetch('/status')).json()).toMatchObject({
      status: 'busy',
      tasks_processed: 0,
      tasks_waiting: 1,
      current_task: 'TASK-1',
      current_request_id: requestId,
      current_source: 'bot',
    });
    rig.finish('one');
    rig.finish('two');
    await until(async () => {
      const status = (await (await rig.api.fetch('/status')).json()) as { tasks_processed: number };
      return status.tasks_processed === 2;
    });
  });

  test('is not the status of a request', async () => {
    await using rig = await openBotRig();
    const id = await rig.house.ask('bot', 'one');
    expect(await (await rig.api.fetch(`/status/${id}`)).json()).toMatchObject({ requestId: id, source: 'http' });
  });
});

describe('POST /api/task', () => {
  test('answers 202 with the id of the request, its source and where it is', async () => {
    await using rig = await openBotRig();
    const response = await rig.api.post('/api/task', { task_id: 'TASK-1', command: 'one', priority: 'high' });
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe('/status/req-1');
    expect(await response.json()).toEqual({
      status: 'queued',
      task_id: 'TASK-1',
      requestId: 'req-1',
      workspace: 'bot',
      source: 'bot',
      message: 'Task queued for execution',
    });
    expect((await rig.house.api.requests.read('req-1')).request).toMatchObject({
      prompt: 'one',
      source: 'bot',
      priority: 'high',
      identity: { transport: 'http', user_id: 'one', channel_id: 'TASK-1', thread_id: null },
    });
  });

  test('sent again is the same request; with another command it is refused', async () => {
    await using rig = await openBotRig();
    const body = { task_id: 'TASK-1', command: 'one' };
    await rig.api.post('/api/task', body);
    const again = await rig.api.post('/api/task', body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.json()).toMatchObject({ requestId: 'req-1', task_id: 'TASK-1' });
    const other = await rig.api.post('/api/task', { ...body, command: 'two' });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: 'idempotency_mismatch', field: 'task_id' });
  });

  test('its task_id is not the Idempotency-Key of another route', async () => {
    await using rig = await openBotRig();
    await rig.api.post('/execute', { workspace: 'bot', command: 'one' }, { 'idempotency-key': 'TASK-1' });
    const response = await rig.api.post('/api/task', { task_id: 'TASK-1', command: 'one' });
    expect(response.headers.get('idempotent-replayed')).toBeNull();
  });

  test('answers 429 when the queue is full', async () => {
    await using rig = await openBotRig({ settings: { queueMax: 1 } });
    const sent = await rig.api.post('/api/task', { task_id: '1', command: 'one' });
    await rig.house.reached(((await sent.json()) as { requestId: string }).requestId, 'working');
    await rig.api.post('/api/task', { task_id: '2', command: 'two' });
    const full = await rig.api.post('/api/task', { task_id: '3', command: 'three' });
    expect(full.status).toBe(429);
    expect(full.headers.get('retry-after')).toBe('5');
  });

  test('A3: lets a hundred wait by default, and the next is 429', async () => {
    const { queueMax, sessionQueueMax } = readConfig({}).limits;
    await using rig = await openBotRig({ settings: { queueMax, sessionQueueMax } });
    const send = async (id: number): Promise<Response> =>
      rig.api.post('/api/task', { task_id: `${id}`, command: `task ${id}` });
    const { requestId } = (await (await send(0)).json()) as { requestId: string };
    await rig.house.reached(requestId, 'working');
    const waiting = await Promise.all(Array.from({ length: 100 }, (_, number) => send(number + 1)));
    expect(new Set(waiting.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await (await rig.api.fetch('/status')).json()).toMatchObject({ tasks_waiting: 100 });
    const next = await send(101);
    expect([next.status, next.headers.get('retry-after')]).toEqual([429, '5']);
  });

  test.each([
    ['no task_id', { command: 'one' }, 'task_id'],
    ['no command', { task_id: '1' }, 'command'],
    ['an empty command', { task_id: '1', command: ' ' }, 'command'],
    ['a priority of people', { task_id: '1', command: 'one', priority: 'interactive' }, 'priority'],
    ['an unknown field', { task_id: '1', command: 'one', workspace: 'x' }, 'workspace'],
    ['a lone surrogate', { task_id: '\ud800', command: 'one' }, 'task_id'],
    ['a long task_id', { task_id: 'x'.repeat(256), command: 'one' }, 'task_id'],
  ])('%s is 400, and the field named', async (_what, body, field) => {
    await using rig = await openBotRig();
    const response = await rig.api.post('/api/task', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field });
  });

  test.each([
    ['GET', '/status'],
    ['POST', '/api/task'],
  ])('%s %s needs a key', async (method, path) => {
    await using rig = await openBotRig();
    expect((await fetch(`${rig.baseUrl}${path}`, { method })).status).toBe(401);
  });
});

describe('WS /ws', () => {
  test('tells that a task is accepted, how it goes, and its answer; every frame says its source and time', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(task('one', { task_id: 'TASK-1' }));
    rig.finish('one');
    await client.gets({ type: 'result' });
    expect(client.frames.map(({ type, event, content, success }) => [type, event ?? content, success])).toEqual([
      ['accepted', 'Task queued for execution', true],
      ['progress', 'request.started', true],
      ['progress', 'request.submitting', true],
      ['progress', 'request.working', true],
      ['result', 'answer to one', true],
    ]);
    for (const frame of client.frames) {
      expect(frame).toMatchObject({ source: 'ws', task_id: 'TASK-1', requestId: 'req-1' });
      expect(Date.parse(String(frame['timestamp']))).toBeGreaterThan(0);
    }
    expect(client.frames.at(-1)).toMatchObject({ state: 'completed', reason: null });
    await client.close();
  });

  test('a task belongs to the trace that it names', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    client.send(task('traced', { traceparent }));
    const { requestId } = await client.gets({ type: 'accepted' });
    expect((await rig.house.store.readRequest(String(requestId)))?.trace).toMatchObject({ traceparent });
    client.send(task('wrong', { traceparent: 7 }));
    expect(await client.gets({ type: 'error' })).toMatchObject({ code: 'invalid_field', field: 'traceparent' });
    await client.close();
  });

  test('what does not complete is a result without success that says why', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(task('fail'));
    rig.finish('fail');
    expect(await client.gets({ type: 'result' })).toMatchObject({
      success: false,
      state: 'failed',
      reason: 'agent_error',
      content: 'It failed.',
      task_id: null,
    });
    await client.close();
  });

  test.each([
    ['what is not JSON', '{', undefined, /not valid JSON/],
    ['what is no object', '[1]', undefined, /no JSON object/],
    ['no type', { command: 'one' }, 'type', /type is missing/],
    ['an unknown type', { type: 'dance', command: 'one' }, 'type', /type is unknown: send "task"/],
    ['no command', { type: 'task' }, 'command', /command is missing/],
    ['an empty command', task(' '), 'command', /command is empty/],
    ['a command that is too long', task('x'.repeat(262_145)), 'command', /over 262144 bytes/],
    ['an unknown field', task('one', { workspace: 'x' }), 'workspace', /workspace is unknown/],
    ['a wrong priority', task('one', { priority: 'p1' }), 'priority', /priority is one of interactive/],
    ['a wrong task_id', task('one', { task_id: 7 }), 'task_id', /task_id is text/],
  ])('%s is answered by an error, and the connection goes on', async (_what, message, field, content) => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(message);
    const error = await client.gets({ type: 'error' });
    expect(error).toMatchObject({ success: false, source: 'ws', field: field ?? null });
    expect(error['content']).toMatch(content);
    client.send({ type: 'command', command: 'one' });
    rig.finish('one');
    expect(await client.gets({ type: 'result' })).toMatchObject({ content: 'answer to one' });
    await client.close();
  });

  test('too many frames are answered by an error, and the connection goes on', async () => {
    await using rig = await openBotRig({ rateLimitMax: 3 });
    const client = await rig.connect();
    client.send('{');
    client.send(task('one'));
    client.send(task('two', { task_id: 'T-2' }));
    rig.finish('one');
    expect(await client.gets({ code: 'rate_limited' })).toMatchObject({
      type: 'error',
      task_id: 'T-2',
      retryAfter: 60,
    });
    expect(await client.gets({ type: 'result' })).toMatchObject({ content: 'answer to one' });
    expect((await rig.api.post('/api/task', { command: 'x' })).status).toBe(429);
    await client.close();
  });

  test('who goes on sending over the limit is cut off', async () => {
    await using rig = await openBotRig({ rateLimitMax: 3 });
    const client = await rig.connect();
    for (let sent = 0; sent < 5_000; sent += 1) client.socket.send(sent % 2 === 0 ? 'x' : Buffer.from('x'));
    expect(await client.ended).toBe(1008);
    expect(client.frames.filter(({ code }) => code === 'rate_limited')).toHaveLength(100);
  });

  test('a full queue is answered by an error, and the connection goes on', async () => {
    await using rig = await openBotRig({ settings: { queueMax: 1 } });
    const client = await rig.connect();
    client.send(task('one'));
    await client.gets({ event: 'request.working' });
    client.send(task('two'));
    client.send(task('three', { task_id: 'T-3' }));
    expect(await client.gets({ type: 'error' })).toMatchObject({ code: 'queue_full', task_id: 'T-3', retryAfter: 5 });
    rig.finish('one');
    rig.finish('two');
    await client.gets({ type: 'result', content: 'answer to two' });
    await client.close();
  });

  test('binary frames are answered by an error', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.socket.send(Buffer.from('{}'));
    expect(await client.gets({ type: 'error' })).toMatchObject({ content: 'send text frames' });
    await client.close();
  });

  test('a task of the longest prompt is taken', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(`{"type":"task","command":"${'\\u0041'.repeat(262_144)}"}`);
    const { requestId } = await client.gets({ type: 'accepted' });
    expect((await rig.house.api.requests.read(requestId)).request.prompt).toBe('A'.repeat(262_144));
    await client.close();
  });

  test('goes before HTTP, which goes before files, however late it came', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(task('first'));
    await client.gets({ event: 'request.working' });
    await rig.house.ask('bot', 'file', { source: 'file', priority: 'background' });
    await rig.api.post('/api/task', { task_id: '1', command: 'http' });
    client.send(task('ws 1'));
    client.send(task('ws 2'));
    await until(() => client.frames.filter(({ type }) => type === 'accepted').length === 3);
    for (const prompt of ['first', 'file', 'http', 'ws 1', 'ws 2']) rig.finish(prompt);
    await until(() => rig.house.driver.sessions[0]?.prompts.length === 5);
    expect(rig.house.driver.sessions[0]?.prompts).toEqual(['first', 'ws 1', 'ws 2', 'http', 'file']);
    await client.gets({ type: 'result', content: 'answer to ws 2' });
    await client.close();
  });

  test.each([
    ['no key', {}, 401],
    ['a page of another origin', { 'x-api-key': 'test-key-0123456789abcdefghij', origin: 'https://evil.example' }, 403],
  ])('%s is refused before the upgrade', async (_what, headers, status) => {
    await using rig = await openBotRig();
    expect((await refusedUpgrade(`${rig.baseUrl}/ws`, headers)).status).toBe(status);
  });

  test('without an upgrade it says what it speaks', async () => {
    await using rig = await openBotRig();
    expect((await rig.api.fetch('/ws')).status).toBe(426);
  });

  test('a frame over 2 MiB ends the connection', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send('x'.repeat(2 * 1024 * 1024 + 1));
    expect(await client.ended).toBe(1009);
  });

  test('a client that sends without end and never reads is cut off', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.socket.pause();
    const wrong = JSON.stringify({ type: 'task', command: 7, task_id: 'x'.repeat(200) });
    for (let sent = 0; sent < 60_000; sent += 1) client.socket.send(wrong);
    await until(() => client.socket.bufferedAmount === 0 || client.socket.readyState !== client.socket.OPEN);
    client.socket.resume();
    // 1006: it took longer to read so far than a peer has for its answer to a close frame.
    expect([1013, 1006]).toContain(await client.ended);
  });

  test('a refused task is named by the id that it had', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(JSON.stringify({ type: 'task', task_id: 'A7' }));
    expect(await client.gets({ type: 'error' })).toMatchObject({ task_id: 'A7', field: 'command' });
  });
});

describe('a client that goes away', () => {
  test('while its task waits: the task goes on behind all others, and its answer becomes a file', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(task('first'));
    await client.gets({ event: 'request.working' });
    client.send(task('second'));
    const { requestId } = await until(() => client.frames.filter(({ type }) => type === 'accepted')[1]);
    await client.vanish();
    await until(async () => (await rig.house.api.requests.read(requestId)).request.priority === 'background');
    await rig.api.post('/api/task', { task_id: '1', command: 'http' });
    for (const prompt of ['first', 'second', 'http']) rig.finish(prompt);
    await until(() => rig.responses().length === 2);
    expect(rig.house.driver.sessions[0]?.prompts).toEqual(['first', 'http', 'second']);
    expect(rig.responses()).toEqual(['req-1.response.md', `${requestId}.response.md`].toSorted());
    expect(rig.readResponse(`${requestId}.response.md`)).toMatch(
      /^---\nrequest_id: .*\nsource: ws\n[^]*answer to second\n$/,
    );
    expect(await stateOf(rig, requestId)).toBe('completed');
  });

  test.each(['close', 'vanish'] as const)('by %s while its turn runs: the answer becomes a file', async (how) => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(task('one'));
    await client.gets({ event: 'request.working' });
    await client[how]();
    await until(async () => (await rig.house.store.listEvents(0, 100)).some(({ type }) => type === 'request.left'));
    rig.finish('one');
    await until(() => rig.responses()[0]);
    expect(rig.responses()).toEqual(['req-1.response.md']);
  });

  test.each(['close', 'vanish'] as const)('by %s with its answer: there is no file', async (how) => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(task('one'));
    rig.finish('one');
    await client.gets({ type: 'result' });
    await until(() => rig.settled[0]);
    await client[how]();
    await rig.closeServer();
    expect(rig.responses()).toEqual([]);
  });

  test('politely, as soon as it has its answer: there is no file', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.socket.on('message', (data: Buffer) => {
      if (data.toString().includes('"result"')) client.socket.close();
    });
    client.send(task('one'));
    rig.finish('one');
    await client.ended;
    await rig.closeServer();
    expect(rig.settled).toEqual(['req-1']);
    expect(rig.responses()).toEqual([]);
  });

  test('without a word, and without reading: its answer becomes a file', async () => {
    await using rig = await openBotRig({ pingMs: 100 });
    const client = await rig.connect();
    client.send(task('one'));
    await client.gets({ event: 'request.working' });
    // Its machine sleeps: the kernel of the gateway takes what is sent, and nobody reads it.
    client.socket.pause();
    rig.finish('one');
    await until(() => rig.responses()[0]);
    expect(rig.responses()).toEqual(['req-1.response.md']);
    client.socket.terminate();
  });

  test.each([undefined, 1001])(
    'with a close frame (%s), and without reading: its answer becomes a file',
    async (code) => {
      await using rig = await openBotRig();
      const client = await rig.connect();
      client.send(task('one'));
      await client.gets({ event: 'request.working' });
      client.socket.pause();
      const other = await rig.connect();
      other.send(task('two'));
      rig.finish('one');
      rig.finish('two');
      // By then the answer before it was sent, too.
      await other.gets({ type: 'result' });
      client.socket.close(code);
      await until(() => rig.responses()[0]);
      expect(rig.responses()).toEqual(['req-1.response.md']);
      expect(client.frames.filter(({ type }) => type === 'result')).toEqual([]);
      client.socket.terminate();
      await other.close();
    },
  );

  test('because it is cut off for not reading: an answer that was not sent any more becomes a file', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(task('one'));
    await client.gets({ event: 'request.working' });
    client.socket.pause();
    for (let sent = 0; sent < 60_000; sent += 1) client.socket.send(`{"type":"task","task_id":"${'x'.repeat(200)}"}`);
    await until(() => client.socket.bufferedAmount === 0 || client.socket.readyState !== client.socket.OPEN);
    rig.finish('one');
    await until(async () => (await stateOf(rig, 'req-1')) === 'completed');
    client.socket.resume();
    // Who does not even read its end within two seconds has the connection taken away.
    expect([1013, 1006]).toContain(await client.ended);
    expect(client.frames.filter(({ type }) => type === 'result')).toEqual([]);
    await until(() => rig.responses()[0]);
    expect(rig.responses()).toEqual(['req-1.response.md']);
  });

  test('and comes back under the same task_id gets the answer of the same request', async () => {
    await using rig = await openBotRig();
    const first = await rig.connect();
    first.send(task('one', { task_id: 'TASK-1' }));
    await first.gets({ event: 'request.working' });
    await first.vanish();
    const second = await rig.connect();
    second.send(task('one', { task_id: 'TASK-1' }));
    rig.finish('one');
    expect(await second.gets({ type: 'result' })).toMatchObject({ requestId: 'req-1', content: 'answer to one' });
    await second.close();
  });

  test('that came second to a task does not leave it for the one that asked first', async () => {
    await using rig = await openBotRig();
    const [first, second] = await shareTask(rig);
    await second.close();
    rig.finish('zero');
    rig.finish('one');
    await first.gets({ type: 'result', task_id: 'TASK-1' });
    expect((await rig.house.store.listEvents(0, 100)).filter(({ type }) => type === 'request.left')).toEqual([]);
    await first.close();
  });

  test('while another connection waits for the same task leaves nothing behind', async () => {
    await using rig = await openBotRig();
    const [first, second] = await shareTask(rig);
    await first.vanish();
    await until(async () => (await rig.house.store.listEvents(0, 100)).some(({ type }) => type === 'request.left'));
    expect((await rig.house.api.requests.read('req-2')).request).toMatchObject({ priority: 'interactive' });
    rig.finish('zero');
    rig.finish('one');
    await second.gets({ type: 'result' });
    await until(() => rig.settled.includes('req-2'));
    await until(async () => (await rig.house.store.countOwed()) === 0);
    await second.close();
    await rig.closeServer();
    expect(rig.responses()).toEqual(['req-1.response.md']);
  });

  test('because the gateway stops: its task is left for the next start', async () => {
    await using rig = await openBotRig();
    const client = await rig.connect();
    client.send(task('one'));
    await client.gets({ event: 'request.working' });
    await rig.house.drain();
    await rig.closeServer();
    expect(await client.ended).toBe(1001);
    expect(client.frames.filter(({ type }) => type === 'result' || type === 'error')).toEqual([]);
    expect((await rig.house.store.listEvents(0, 100)).map(({ type }) => type)).toContain('request.left');
  });
});
