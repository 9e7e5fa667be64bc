import { describe, expect, test } from '@jest/globals';
import { answer, type Script, untilInterrupted } from '../../../helpers/fake-driver.ts';
import { until } from '../../../helpers/until.ts';
import { openQuickRig } from './quick-rig.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Says the prompt in two pieces, with a tool between them. */
const talks: Script = async (prompt, observer, signal) => {
  if (prompt === 'wait') return untilInterrupted(signal);
  const end = await answer(prompt, observer);
  if (prompt === 'break') return { kind: 'failed', reason: 'agent_error', error: 'It broke.', text: null };
  observer.noticed({ type: 'agent.said', data: { messageId: 'm', text: 'answer to ', final: false } });
  observer.noticed({ type: 'tool.started', data: { toolUseId: 'u', tool: 'Read', summary: '/a.txt', subagent: null } });
  observer.noticed({ type: 'agent.said', data: { messageId: 'm', text: prompt, final: true } });
  return end;
};

describe('the routes of quick tasks', () => {
  test('a session is started, and has exactly the fields of its contract', async () => {
    await using rig = await openQuickRig();
    const started = await rig.call('POST', '/quick/sessions/start', { json: { repo: 'o/r' } });
    const { id } = started.body as { id: string };
    expect([started.status, started.headers.get('gatehouse-fetch')]).toEqual([201, 'no_remote']);
    expect(started.body).toEqual({
      id: expect.stringMatching(/^quick-\d+$/),
      repo: 'o/r',
      status: 'idle',
      worktree_path: `/worktrees/${id}`,
      claude_session_id: null,
      created_at: expect.stringMatching(TIME),
      last_activity: expect.stringMatching(TIME),
      message_count: 0,
      total_cost_usd: 0,
    });
    expect((await rig.call('GET', '/quick/sessions')).body).toEqual([started.body]);
  });

  test('a message is answered with itself, and its request is one like all others', async () => {
    await using rig = await openQuickRig(talks);
    const id = await rig.start();
    const sent = await rig.call('POST', `/quick/sessions/${id}/message`, { json: { content: 'hello' } });
    const { id: requestId } = sent.body as { id: string };
    expect([sent.status, sent.headers.get('location')]).toEqual([200, `/status/${requestId}`]);
    expect(sent.body).toEqual({
      ...{ id: requestId, session_id: id, role: 'user', content: 'hello', timestamp: expect.stringMatching(TIME) },
      ...{ cost_usd: null, tool_name: null, tool_input: null },
    });
    const status = await rig.call('GET', `/status/${requestId}`, { headers: { prefer: 'wait=10' } });
    expect(status.body).toMatchObject({ state: 'completed', source: 'quick', agent: 'claude-print', workspace: id });
    const read = (await rig.call('GET', `/quick/sessions/${id}`)).body as { messages: readonly object[] };
    expect(read).toMatchObject({ status: 'idle', message_count: 1, total_cost_usd: 0.000006 });
    expect(read.messages).toContainEqual(
      expect.objectContaining({ role: 'assistant', content: 'answer to hello', cost_usd: 0.000006 }),
    );
    expect(read.messages).toContainEqual(
      expect.objectContaining({ role: 'tool', tool_name: 'Read', tool_input: '/a.txt', cost_usd: null }),
    );
  });

  test('a message belongs to the trace of its caller, by either way in', async () => {
    await using rig = await openQuickRig(talks);
    const id = await rig.start();
    const [posted, typed] = ['1', '2'].map((digit) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`);
    const headers = { traceparent: posted ?? '' };
    await rig.call('POST', `/quick/sessions/${id}/message`, { json: { content: 'posted' }, headers });
    const client = await rig.connect(id);
    client.send({ type: 'user_input', content: 'typed', traceparent: typed });
    client.send({ type: 'user_input', content: 'bare', traceparent: 7 });
    const accepted = await until(async () => {
      const events = await rig.house.store.listEvents(0, 100, { workspace: id });
      const queued = events.filter(({ type }) => type === 'request.queued');
      return queued.length === 3 ? queued : null;
    });
    const requests = await Promise.all(accepted.map(({ requestId }) => rig.house.store.readRequest(requestId ?? '')));
    const traces = requests.map((request) => [request?.prompt, request?.trace?.traceparent ?? null]);
    expect(Object.fromEntries(traces)).toEqual({ posted, typed, bare: null });
    await client.close();
  });

  test('the end of a session is a 204 that names the branch which is kept', async () => {
    await using rig = await openQuickRig();
    const [plain, rich] = [await rig.start(), await rig.start()];
    rig.worktrees.keep(rich);
    const gone = await rig.call('DELETE', `/quick/sessions/${plain}`);
    expect([gone.status, gone.text, gone.headers.get('gatehouse-kept-branch')]).toEqual([204, '', null]);
    const kept = await rig.call('DELETE', `/quick/sessions/${rich}`);
    expect([kept.status, kept.headers.get('gatehouse-kept-branch')]).toEqual([204, `quick/${rich}`]);
    expect((await rig.call('GET', `/quick/sessions/${rich}`)).status).toBe(404);
  });

  test('what changed is read, and published', async () => {
    await using rig = await openQuickRig();
    const id = await rig.start();
    expect((await rig.call('GET', `/quick/sessions/${id}/diff`)).body).toEqual({
      ...{ base: 'c0ffee', files: [{ path: 'a', from: null, change: 'added' }], diff: 'diff', truncated: false },
    });
    const published = await rig.call('POST', `/quick/sessions/${id}/publish`, { json: { title: 'Fix it' } });
    expect(published.body).toEqual({
      ...{ branch: `quick/${id}`, commit: 'beef', link: null, note: 'Fix it', skipped: ['inside'] },
    });
    expect((await rig.call('POST', `/quick/sessions/${id}/publish`)).status).toBe(200);
  });

  test.each([
    ['POST', '/quick/sessions/start', { repo: 'x/y' }, 404, 'repository_not_found'],
    ['POST', '/quick/sessions/start', {}, 400, 'invalid_field'],
    ['POST', '/quick/sessions/quick-1/message', { content: 'x' }, 404, 'not_found'],
    ['GET', '/quick/sessions/quick-1', undefined, 404, 'not_found'],
    ['DELETE', '/quick/sessions/quick-1', undefined, 404, 'not_found'],
    ['GET', '/quick/sessions/quick-1/diff', undefined, 404, 'not_found'],
  ] as const)('%s %s with %j is refused with %i %s', async (method, path, json, status, code) => {
    await using rig = await openQuickRig();
    const refused = await rig.call(method, path, json === undefined ? {} : { json });
    expect([refused.status, refused.body]).toEqual([status, expect.objectContaining({ code })]);
  });
});

describe('the WebSocket of a quick session', () => {
  test('tells a message that is typed into it, in the frames of the contract', async () => {
    await using rig = await openQuickRig(talks);
    const client = await rig.connect(await rig.start());
    client.send({ type: 'user_input', content: 'hello' });
    await client.gets('statusChange', 2);
    const told = client.frames.map(({ seq: _seq, ...frame }) => frame);
    expect(told).toEqual([
      { type: 'connected' },
      { type: 'statusChange', data: { status: 'running' } },
      { type: 'assistantText', content: 'answer to ' },
      { type: 'toolUse', data: { tool: 'Read', input: '/a.txt' } },
      { type: 'assistantText', content: 'hello' },
      { type: 'result', content: 'answer to hello', data: { cost_usd: 0.000006, input_tokens: 1, output_tokens: 2 } },
      { type: 'statusChange', data: { status: 'idle' } },
    ]);
  });

  test('says that the agent is idle once no message waits any more', async () => {
    await using rig = await openQuickRig(talks);
    const id = await rig.start();
    const client = await rig.connect(id);
    const send = async (content: string): Promise<void> => {
      expect((await rig.call('POST', `/quick/sessions/${id}/message`, { json: { content } })).status).toBe(200);
    };
    for (const content of ['one', 'two', 'three']) await send(content);
    await client.gets('statusChange', 2);
    const told = client.frames.filter(({ type }) => type === 'result' || type === 'statusChange');
    expect(told.map(({ type, content, data }) => content ?? (data as { status?: string }).status ?? type)).toEqual([
      ...['running', 'answer to one', 'answer to two', 'answer to three', 'idle'],
    ]);
  });

  test('tells why a message failed', async () => {
    await using rig = await openQuickRig(talks);
    const client = await rig.connect(await rig.start());
    client.send({ type: 'user_input', content: 'break' });
    expect(await client.gets('error')).toMatchObject({ content: 'It broke.' });
    expect(await client.gets('statusChange', 2)).toMatchObject({ data: { status: 'failed' } });
  });

  test('goes on behind a frame, without gap or repeat, and else begins with what comes', async () => {
    await using rig = await openQuickRig(talks);
    const id = await rig.start();
    const first = await rig.connect(id);
    first.send({ type: 'user_input', content: 'hello' });
    const { seq } = await first.gets('toolUse');
    await first.gets('result');
    await first.close();
    const again = await rig.connect(id, `?after=${seq}`);
    await again.gets('statusChange');
    expect(again.frames.map(({ type }) => type)).toEqual(['connected', 'assistantText', 'result', 'statusChange']);
    const live = await rig.connect(id);
    live.send({ type: 'user_input', content: 'more' });
    expect(await live.gets('result')).toMatchObject({ content: 'answer to more' });
    expect(live.frames.filter(({ type }) => type === 'result')).toHaveLength(1);
  });

  test.each([['no JSON'], ['{"type":"task","content":"x"}'], ['{"type":"user_input"}'], ['null']])(
    'answers %s with an error, and stays',
    async (frame) => {
      await using rig = await openQuickRig(talks);
      const client = await rig.connect(await rig.start());
      client.send(frame);
      expect(await client.gets('error')).toMatchObject({ content: expect.stringContaining('user_input') });
      client.send({ type: 'user_input', content: 'hello' });
      await client.gets('result');
    },
  );

  test('counts what is typed, as requests are counted', async () => {
    await using rig = await openQuickRig(talks, 3);
    const client = await rig.connect(await rig.start());
    client.send({ type: 'user_input', content: 'one' });
    await client.gets('result');
    client.send({ type: 'user_input', content: 'two' });
    expect(await client.gets('error')).toMatchObject({ content: expect.stringContaining('more than 3 requests') });
  });

  test('ends with its session: what ran is told, and nobody can come in any more', async () => {
    await using rig = await openQuickRig(talks);
    const id = await rig.start();
    const client = await rig.connect(id);
    client.send({ type: 'user_input', content: 'wait' });
    await client.gets('statusChange');
    expect((await rig.call('DELETE', `/quick/sessions/${id}`)).status).toBe(204);
    expect(await client.ended).toBe(1000);
    expect(client.frames.some(({ type }) => type === 'error')).toBe(true);
    expect(await rig.refusal(id)).toBe(404);
  });
});
