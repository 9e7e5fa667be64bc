import { expect, test } from '@jest/globals';
import { openInjectRig, requestsOf } from './inject-rig.ts';

// The ten tests that seed 000 names, over a real socket.

test('test_health_endpoint: says that it is well, how many sessions there are, and whether a factory is there', async () => {
  await using rig = await openInjectRig();
  expect(await rig.get('/health')).toMatchObject({
    status: 200,
    text: '{"status":"ok","sessions":0,"factory_registered":false}',
  });
});

test('test_sessions_endpoint_empty: is an empty list', async () => {
  await using rig = await openInjectRig();
  expect(await rig.get('/sessions')).toMatchObject({ status: 200, text: '[]' });
});

test('test_sessions_endpoint_with_sessions: tells of each where it is, whether it is live and whether it works', async () => {
  await using rig = await openInjectRig();
  await rig.bind('11', 'asleep');
  await rig.bind('12', 'busy');
  await rig.bind('13', 'idle');
  const { body } = await rig.inject({ prompt: 'hold', thread_id: 12 });
  await rig.house.reached(body.requestId, 'working');
  const done = await rig.inject({ prompt: 'one', thread_id: 13 });
  await rig.house.ended(done.body.requestId);
  expect((await rig.get('/sessions')).body).toEqual([
    { thread_id: 13, cwd: '/workspaces/idle', active: true, has_running_task: false },
    { thread_id: 12, cwd: '/workspaces/busy', active: true, has_running_task: true },
    { thread_id: 11, cwd: '/workspaces/asleep', active: false, has_running_task: false },
  ]);
  expect((await rig.get('/health')).body).toMatchObject({ sessions: 3 });
});

test('test_inject_missing_prompt: is 400', async () => {
  await using rig = await openInjectRig({ channel: 'workspace' });
  const answer = await rig.inject({ task_name: 'x' });
  expect(answer).toMatchObject({ status: 400, body: { error: 'missing: prompt', field: 'prompt' } });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
});

test('test_inject_invalid_json: is 400', async () => {
  await using rig = await openInjectRig({ channel: 'workspace' });
  expect(await rig.inject('{"prompt":')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
});

test('test_inject_no_factory_no_thread: is 503, and says what to set', async () => {
  await using rig = await openInjectRig();
  expect(await rig.inject({ prompt: 'one' })).toMatchObject({
    status: 503,
    body: { code: 'no_task_channel', error: expect.stringContaining('TASK_CHANNEL=workspace') },
  });
  expect(await requestsOf(rig)).toEqual([]);
});

test('test_inject_existing_session: hands the prompt to the workspace of that thread', async () => {
  await using rig = await openInjectRig();
  await rig.bind('12345', 'telegram-12345');
  const answer = await rig.inject({ prompt: 'Continue this task', thread_id: 12345 });
  expect(answer).toMatchObject({
    status: 200,
    body: { status: 'injected', thread_id: 12345, cwd: '/workspaces/telegram-12345', requestId: 'req-1' },
  });
  expect(await rig.house.ended('req-1')).toMatchObject({
    state: 'completed',
    workspace: 'telegram-12345',
    prompt: 'Continue this task',
    source: 'inject',
    priority: 'normal',
    identity: { transport: 'inject', user_id: null, channel_id: 'inject', thread_id: '12345' },
  });
});

test('test_inject_nonexistent_session: is 404, also where new threads can be opened', async () => {
  await using rig = await openInjectRig({ channel: 'workspace' });
  const answer = await rig.inject({ prompt: 'one', thread_id: 99 });
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', field: 'thread_id' } });
  expect(await requestsOf(rig)).toEqual([]);
});

test('test_inject_creates_channel: opens a thread by the factory, and hands the prompt to its new workspace', async () => {
  await using rig = await openInjectRig();
  rig.addChannel('telegram', '77');
  const answer = await rig.inject({ prompt: 'Post the photo', task_name: 'Daily gram post' });
  expect(rig.opened).toEqual(['Daily gram post']);
  expect(answer).toMatchObject({
    status: 200,
    body: { status: 'injected', thread_id: 77, cwd: '/workspaces/telegram-77' },
  });
  expect(await rig.house.ended(answer.body.requestId)).toMatchObject({ state: 'completed', workspace: 'telegram-77' });
  expect((await rig.get('/sessions')).body).toMatchObject([{ thread_id: 77, active: true }]);
});

test('test_register_factory: registered late it is used, and taken back it is not', async () => {
  await using rig = await openInjectRig();
  const takeBack = rig.addChannel('discord', '1');
  expect((await rig.get('/health')).body).toMatchObject({ factory_registered: true });
  expect(await rig.inject({ prompt: 'one' })).toMatchObject({ status: 200 });
  takeBack();
  expect((await rig.get('/health')).body).toMatchObject({ factory_registered: false });
  expect(await rig.inject({ prompt: 'two' })).toMatchObject({ status: 503 });
});
