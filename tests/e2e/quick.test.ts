import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { openGatewayRig, TEST_KEY, type GatewayRig } from '../helpers/gateway-rig.ts';
import { readNotes, writeHook } from '../helpers/hook-files.ts';
import { createRepositoryRig, findLeftOvers, lookAtCheckout, type RepositoryRig } from '../helpers/repository-rig.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

/** The testing section of seed 004, with real git and the real CLI. */
describe('quick tasks', () => {
  let repositories: RepositoryRig;
  let root: string;
  let rig: GatewayRig;
  let notes: string;
  const hooks = createTempFolder();

  beforeAll(async () => {
    repositories = createRepositoryRig();
    root = repositories.create('owner/repo', { files: { 'a.txt': 'one\n' } });
    notes = path.join(hooks.path, 'notes.jsonl');
    writeHook(hooks.path, 'witness.sh', `cat >> '${notes}'; echo >> '${notes}'; echo '{}'`);
    const hook = { ref: 'witness.sh', events: ['pre_session', 'post_session'], timeout_ms: 20_000 };
    writeFileSync(path.join(hooks.path, 'hooks.json'), JSON.stringify({ hooks: [hook] }));
    rig = await openGatewayRig({
      env: {
        REPOS_ROOT: repositories.repos,
        WORKTREES_ROOT: repositories.roots,
        HOOKS_FILE: path.join(hooks.path, 'hooks.json'),
      },
      script(prompt) {
        const file = /^change (\S+)$/.exec(prompt)?.[1];
        if (file === undefined) return { answer: `echo: ${prompt}`, inputTokens: 1_000 };
        return { tool: 'Write', input: { file_path: file, content: 'two\n' }, answer: 'changed' };
      },
    });
  });
  afterAll(async () => {
    await rig.close();
    repositories[Symbol.dispose]();
    hooks[Symbol.dispose]();
  });

  const start = async (): Promise<Session> =>
    (await rig.call('POST', '/quick/sessions/start', { json: { repo: 'owner/repo' } })).body as Session;
  const read = async (id: string): Promise<Session> => (await rig.call('GET', `/quick/sessions/${id}`)).body as Session;
  const say = async (id: string, content: string): Promise<void> => {
    const sent = await rig.call('POST', `/quick/sessions/${id}/message`, { json: { content } });
    expect(sent.status).toBe(200);
    const { id: requestId } = sent.body as { readonly id: string };
    const ended = await rig.call('GET', `/status/${requestId}`, { headers: { prefer: 'wait=60' } });
    expect(ended.body).toMatchObject({ state: 'completed' });
  };

  const connect = async (id: string): Promise<{ readonly socket: WebSocket; readonly frames: readonly Frame[] }> => {
    const socket = new WebSocket(`${rig.baseUrl.replace('http', 'ws')}/quick/ws/sessions/${id}`, {
      headers: { 'x-api-key': TEST_KEY },
    });
    const frames: Frame[] = [];
    socket.on('message', (data: Buffer) => void frames.push(JSON.parse(data.toString()) as Frame));
    await once(socket, 'open');
    return { socket, frames };
  };

  test('the testing section of the seed, call by call, in the shapes of its contract', async () => {
    const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const created = await rig.call('POST', '/quick/sessions/start', { json: { repo: 'owner/repo' } });
    const { id } = created.body as Session;
    const session = {
      ...{ id: expect.stringMatching(/^quick-\d{10}$/), repo: 'owner/repo', status: 'idle' },
      ...{ worktree_path: path.join(repositories.roots, id), claude_session_id: null },
      ...{ created_at: TIME, last_activity: TIME, message_count: 0, total_cost_usd: 0 },
    };
    expect([created.status, created.body]).toEqual([201, session]);
    expect(Object.keys(created.body as object)).toEqual(Object.keys(session));
    const { frames } = await connect(id);
    const content = 'List the files in this repo';
    const sent = await rig.call('POST', `/quick/sessions/${id}/message`, { json: { content } });
    const message = {
      ...{ id: expect.any(String), session_id: id, role: 'user', content, timestamp: TIME },
      ...{ cost_usd: null, tool_name: null, tool_input: null },
    };
    expect([sent.status, sent.body]).toEqual([200, message]);
    expect(Object.keys(sent.body as object)).toEqual(Object.keys(message));
    await until(() => frames.filter(({ type }) => type === 'statusChange')[1]);
    const cost = expect.any(Number);
    expect(frames.map(({ seq: _seq, ...frame }) => frame)).toEqual([
      { type: 'connected' },
      { type: 'statusChange', data: { status: 'running' } },
      { type: 'assistantText', content: `echo: ${content}` },
      {
        type: 'result',
        content: `echo: ${content}`,
        data: { cost_usd: cost, input_tokens: 1_000, output_tokens: 1 },
      },
      { type: 'statusChange', data: { status: 'idle' } },
    ]);
    const listed = (await rig.call('GET', '/quick/sessions')).body as readonly Session[];
    const used = { ...session, claude_session_id: expect.any(String), message_count: 1, total_cost_usd: cost };
    expect(listed).toEqual([used]);
    const answer = { ...message, role: 'assistant', content: `echo: ${content}`, cost_usd: cost };
    const history = (await rig.call('GET', `/quick/sessions/${id}`)).body as Session;
    expect(history).toEqual({ ...used, messages: [message, answer] });
    const deleted = await rig.call('DELETE', `/quick/sessions/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await rig.call('GET', '/quick/sessions')).body).toEqual([]);
    expect((await rig.call('GET', '/quick/sessions', { key: null })).status).toBe(401);
    await until(() => readNotes(notes).length === 2);
    rmSync(notes);
  });

  test('two messages in one session: the second knows the first, and each has its cost', async () => {
    const { id } = await start();
    await say(id, 'List the files in this repo');
    await say(id, 'And again');
    expect(rig.model.knew('And again')).toContain('List the files in this repo');
    const session = await read(id);
    expect(session).toMatchObject({ status: 'idle', message_count: 2, claude_session_id: expect.any(String) });
    expect(session.total_cost_usd).toBeGreaterThan(0);
    const answers = session.messages.filter(({ role }) => role === 'assistant');
    expect(answers.map(({ content }) => content)).toEqual(['echo: List the files in this repo', 'echo: And again']);
    const sum = answers.reduce((total, { cost_usd }) => total + Math.round((cost_usd ?? NaN) * 1e6), 0);
    expect(Math.round(session.total_cost_usd * 1e6)).toBe(sum);
    const told = await until(() => (readNotes(notes).length === 4 ? readNotes(notes) : undefined));
    expect(told.map(({ type, engine, project }) => [type, engine, project])).toEqual(
      ['pre_session', 'post_session', 'pre_session', 'post_session'].map((type) => [type, 'claude-print', id]),
    );
    expect(told[0]?.['identity']).toMatchObject({ transport: 'quick' });
    expect((await rig.call('DELETE', `/quick/sessions/${id}`)).status).toBe(204);
    expect(findLeftOvers(repositories, root)).toEqual([]);
  });

  test('a tool edits a file of the worktree, the main checkout stays as it is, and the client is told', async () => {
    const before = lookAtCheckout(root);
    const { id, worktree_path: folder } = await start();
    const file = path.join(folder, 'new.txt');
    const { frames, socket } = await connect(id);
    socket.send(JSON.stringify({ type: 'user_input', content: `change ${file}` }));
    const result = await until(() => frames.find(({ type }) => type === 'result'));
    expect(result).toMatchObject({ content: 'changed', data: { cost_usd: expect.any(Number) } });
    expect(frames.find(({ type }) => type === 'toolUse')).toMatchObject({ data: { tool: 'Write' } });
    expect(frames.find(({ type }) => type === 'assistantText')).toMatchObject({ content: 'changed' });
    expect(readFileSync(file, 'utf8')).toBe('two\n');
    expect(lookAtCheckout(root)).toBe(before);
    const diff = (await rig.call('GET', `/quick/sessions/${id}/diff`)).body as { readonly files: readonly object[] };
    expect(diff.files).toEqual([{ path: 'new.txt', from: null, change: 'added' }]);
    repositories.git(folder, 'add', '--all');
    repositories.git(folder, 'commit', '--quiet', '--message', 'mine');
    const deleted = await rig.call('DELETE', `/quick/sessions/${id}`);
    expect([deleted.status, deleted.headers.get('gatehouse-kept-branch')]).toEqual([204, `quick/${id}`]);
    expect(repositories.git(root, 'branch', '--list', 'quick/*')).toContain(`quick/${id}\n`);
    expect(lookAtCheckout(root)).toBe(before);
  });
});

interface Session {
  readonly id: string;
  readonly worktree_path: string;
  readonly total_cost_usd: number;
  readonly messages: readonly { readonly role: string; readonly content: string; readonly cost_usd: number | null }[];
}

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };
