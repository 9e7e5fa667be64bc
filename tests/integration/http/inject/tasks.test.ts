import { describe, expect, test } from '@jest/globals';
import { createTempFolder } from '../../../helpers/temp-folder.ts';
import { openInjectRig, requestsOf } from './inject-rig.ts';

describe('the name of a task', () => {
  test.each([
    ['the first 50 characters of the prompt', 'x'.repeat(60), 'x'.repeat(50)],
    ['the whole prompt when it is short', 'Post the photo', 'Post the photo'],
    ['never half a character', `${'x'.repeat(49)}🚪🚪`, `${'x'.repeat(49)}🚪`],
    ['50 characters of two units each', '🚪'.repeat(60), '🚪'.repeat(50)],
    ['what is behind a beginning of blanks', `${' '.repeat(60)}one`, 'one'],
  ])('is by default %s', async (_what, prompt, name) => {
    await using rig = await openInjectRig();
    rig.addChannel('telegram', '1');
    expect((await rig.inject({ prompt })).status).toBe(200);
    expect(rig.opened).toEqual([name]);
  });

  test('may be null, as may be the thread', async () => {
    await using rig = await openInjectRig();
    rig.addChannel('telegram', '1');
    expect((await rig.inject({ prompt: 'one', task_name: null, thread_id: null, replyTo: null })).status).toBe(200);
    expect(rig.opened).toEqual(['one']);
  });
});

describe('ids of threads', () => {
  test.each(['9007199254740993', '9223372036854775808', `1${'0'.repeat(30)}`, '0'])(
    '%s stays exact as a number, in and out',
    async (id) => {
      await using rig = await openInjectRig();
      await rig.bind(id, 'far');
      const answer = await rig.inject(`{"prompt":"one","thread_id":${id}}`);
      expect(answer.text).toMatch(new RegExp(`^\\{"status":"injected","thread_id":${id},"cwd":`));
      expect((await rig.get('/sessions')).text).toContain(`"thread_id":${id},`);
      expect(await requestsOf(rig)).toMatchObject([{ identity: { thread_id: id } }]);
    },
  );

  test('of a new thread stay exact, too', async () => {
    await using rig = await openInjectRig();
    rig.addChannel('discord', '1234567890123456789');
    expect((await rig.inject({ prompt: 'one' })).text).toContain('"thread_id":1234567890123456789,');
  });

  test('may be text of digits', async () => {
    await using rig = await openInjectRig();
    await rig.bind('9223372036854775808', 'far');
    expect(await rig.inject({ prompt: 'one', thread_id: '9223372036854775808' })).toMatchObject({ status: 200 });
  });

  test('that differ in their last digit are different threads', async () => {
    await using rig = await openInjectRig();
    await rig.bind('9007199254740992', 'one');
    expect(await rig.inject('{"prompt":"x","thread_id":9007199254740993}')).toMatchObject({ status: 404 });
  });

  test.each(['1.0', '1.5', '-1', '-0', '1e3', '1E+30', '"1.0"', '"-1"', '"007"', '" 1"', '""', 'true', '[1]', '{}'])(
    '%s is refused, and the field named',
    async (id) => {
      await using rig = await openInjectRig();
      await rig.bind('1', 'one');
      const answer = await rig.inject(`{"prompt":"one","thread_id":${id}}`);
      expect(answer).toMatchObject({ status: 400, body: { field: 'thread_id', code: 'invalid_field' } });
      expect(answer.body.error).toMatch(/^thread_id is a whole number in digits/);
    },
  );
});

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'nightly-1' };

  test('sent again is the same request in the same thread: nothing is opened again', async () => {
    await using rig = await openInjectRig();
    rig.addChannel('telegram', '1', '2');
    const first = await rig.inject({ prompt: 'one' }, key);
    const again = await rig.inject({ prompt: 'one', thread_id: null }, key);
    expect(again.body).toEqual(first.body);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(rig.opened).toHaveLength(1);
  });

  test('sent twice at once opens one thread', async () => {
    await using rig = await openInjectRig();
    rig.addChannel('telegram', '1', '2', '3');
    const answers = await Promise.all([1, 2, 3].map(() => rig.inject({ prompt: 'one' }, key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(rig.opened).toHaveLength(1);
  });

  test('with another body is refused, and nothing is opened', async () => {
    await using rig = await openInjectRig();
    rig.addChannel('telegram', '1', '2');
    await rig.inject({ prompt: 'one' }, key);
    expect(await rig.inject({ prompt: 'two' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch', field: 'Idempotency-Key' },
    });
    expect(rig.opened).toHaveLength(1);
  });

  test('holds for an existing thread, too', async () => {
    await using rig = await openInjectRig();
    await rig.bind('1', 'one');
    const first = await rig.inject({ prompt: 'one', thread_id: 1 }, key);
    const again = await rig.inject({ prompt: 'one', thread_id: '1' }, key);
    expect(again.body).toEqual(first.body);
    expect(await requestsOf(rig)).toHaveLength(1);
  });
});

describe('what is refused opens no thread', () => {
  test.each([
    ['an empty prompt', { prompt: '  \n' }, 400, 'prompt'],
    ['a prompt that is no text', { prompt: 7 }, 400, 'prompt'],
    ['a prompt over 256 kB', { prompt: 'x'.repeat(262_145) }, 413, 'prompt'],
    ['a lone surrogate in the prompt', { prompt: '\ud800' }, 400, 'prompt'],
    ['a lone surrogate in the name', { prompt: 'one', task_name: '\ud800' }, 400, 'task_name'],
    ['an empty name', { prompt: 'one', task_name: '' }, 400, 'task_name'],
    ['a blank name', { prompt: 'one', task_name: ' ' }, 400, 'task_name'],
    ['an unknown field', { prompt: 'one', workspace: 'x' }, 400, 'workspace'],
    ['an address that nothing delivers to', { prompt: 'one', replyTo: 'pigeon:1' }, 400, 'replyTo'],
    ['an address that can never be delivered to', { prompt: 'one', replyTo: 'memory:?' }, 400, 'replyTo'],
  ])('%s', async (_what, body, status, field) => {
    await using rig = await openInjectRig();
    rig.addChannel('telegram', '1');
    expect(await rig.inject(body)).toMatchObject({ status, body: { field } });
    expect(rig.opened).toEqual([]);
  });

  test('a queue that many at once fill', async () => {
    await using rig = await openInjectRig({ settings: { queueMax: 2, maxRunningTurns: 1 } });
    const ids = Array.from({ length: 8 }, (_, at) => String(at + 1));
    rig.addChannel('telegram', ...ids);
    const answers = await Promise.all(ids.map((id) => rig.inject({ prompt: `hold ${id}` })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(rig.opened).toHaveLength(answers.length - refused.length);
  });

  test('a queue that is full for all', async () => {
    await using rig = await openInjectRig({ settings: { queueMax: 1 } });
    rig.addChannel('telegram', '1', '2', '3');
    const { body } = await rig.inject({ prompt: 'hold' });
    await rig.house.reached(body.requestId, 'working');
    await rig.inject({ prompt: 'two', thread_id: body.thread_id });
    const full = await rig.inject({ prompt: 'three' });
    expect(full).toMatchObject({ status: 429, body: { code: 'queue_full' } });
    expect(full.headers.get('retry-after')).toBe('5');
    expect(rig.opened).toHaveLength(1);
  });

  test('a gateway that stops', async () => {
    await using rig = await openInjectRig();
    rig.addChannel('telegram', '1');
    await rig.bind('5', 'five');
    await rig.house.drain();
    expect(await rig.inject({ prompt: 'one' })).toMatchObject({ status: 503, body: { code: 'draining' } });
    expect(await rig.inject({ prompt: 'one', thread_id: 5 })).toMatchObject({
      status: 503,
      body: { code: 'draining' },
    });
    expect(rig.opened).toEqual([]);
  });
});

test('a factory that fails is 503, and its own words stay in the log', async () => {
  await using rig = await openInjectRig();
  rig.addChannel('discord');
  const answer = await rig.inject({ prompt: 'one' });
  expect(answer).toMatchObject({ status: 503, body: { code: 'no_task_channel' } });
  expect(answer.body.error).toMatch(/^discord could not open a channel/);
  expect(await requestsOf(rig)).toEqual([]);
});

test('the address for the answer is kept with the request', async () => {
  await using rig = await openInjectRig({ channel: 'workspace' });
  await rig.inject({ prompt: 'one', replyTo: 'memory:ops' });
  expect(await requestsOf(rig)).toMatchObject([{ replyTo: 'memory:ops' }]);
});

test('with TASK_CHANNEL=workspace each task has a workspace of its own, which later ones go on in', async () => {
  await using rig = await openInjectRig({ channel: 'workspace' });
  const first = (await rig.inject({ prompt: 'one' })).body;
  const second = (await rig.inject({ prompt: 'two' })).body;
  expect(second.thread_id).not.toBe(first.thread_id);
  expect(first.cwd).toBe(`/workspaces/task-${first.thread_id}`);
  const third = (await rig.inject({ prompt: 'three', thread_id: first.thread_id })).body;
  expect(third).toMatchObject({ thread_id: first.thread_id, cwd: first.cwd });
});

test('a thread outlives the gateway that opened it, and its key is still known', async () => {
  using folder = createTempFolder();
  const headers = { 'idempotency-key': 'nightly-1' };
  const before = await openInjectRig({ folder: folder.path, channel: 'workspace' });
  const { body } = await before.inject({ prompt: 'one' }, headers);
  await before.house.ended(body.requestId);
  await before[Symbol.asyncDispose]();
  await using rig = await openInjectRig({ folder: folder.path, channel: 'workspace' });
  expect((await rig.inject({ prompt: 'one' }, headers)).body).toEqual(body);
  expect((await rig.get('/sessions')).body).toMatchObject([{ thread_id: body.thread_id, cwd: body.cwd }]);
  expect((await rig.inject({ prompt: 'other' })).body.thread_id).not.toBe(body.thread_id);
});

test('at most 1,000 threads are listed, the newest ones; all are counted', async () => {
  await using rig = await openInjectRig();
  await Promise.all(Array.from({ length: 1_001 }, (_, at) => rig.bind(String(at), `w-${at}`)));
  const { body } = await rig.get('/sessions');
  expect([body.length, body[0].thread_id, body.at(-1).thread_id]).toEqual([1_000, 1_000, 1]);
  expect((await rig.get('/health')).body).toMatchObject({ sessions: 1_001 });
});

test.each(['localhost', '::1'])('it may listen on %s', async (host) => {
  await using rig = await openInjectRig({ host });
  expect((await rig.get('/health')).status).toBe(200);
});
