import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTmux } from '../../src/agents/tmux/tmux.ts';
import { toSocketName } from '../../src/compose.ts';
import { createApiCall, type ApiCall } from '../helpers/api-call.ts';
import { TEST_KEY, toEnvironment } from '../helpers/gateway-rig.ts';
import { startScriptedModel, type ScriptedModel } from '../helpers/scripted-model.ts';
import { until } from '../helpers/until.ts';

/** The gateway as a process of its own, which can be killed. */
describe('kill -9 of the gateway, then a start', () => {
  let root: string;
  let model: ScriptedModel;
  let call: ApiCall;
  let child: ChildProcess;
  let env: Record<string, string>;
  let held: Map<string, PromiseWithResolvers<string>>;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-restart-')));
    held = new Map();
    model = await startScriptedModel((prompt) => {
      if (!prompt.startsWith('hold')) return `echo: ${prompt}`;
      const gate = Promise.withResolvers<string>();
      held.set(prompt.trimEnd(), gate);
      return gate.promise;
    });
    const [httpPort, hookPort] = await Promise.all([freePort(), freePort()]);
    env = { ...toEnvironment(root, model.url), HTTP_API_PORT: String(httpPort), AGENT_HOOK_PORT: String(hookPort) };
    call = createApiCall(`http://127.0.0.1:${httpPort}`, TEST_KEY);
    await start();
  }, 60_000);

  afterEach(async () => {
    for (const gate of held.values()) gate.resolve('late');
    for (const session of (await call('GET', '/sessions')).body.sessions as { workspace: string }[]) {
      await call('DELETE', `/session/${session.workspace}?force=true`);
    }
    await stop('SIGTERM');
    await endTmux(path.join(root, 'data'));
    await model.close();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }, 60_000);

  async function start(): Promise<void> {
    child = spawn(process.execPath, ['src/main.ts', 'serve'], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: 'ignore',
    });
    await until(async () => {
      const ready = await call('GET', '/readyz').catch(() => null);
      return ready?.status === 200;
    });
  }

  async function stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  }

  const submit = async (command: string): Promise<string> =>
    (await call('POST', '/execute', { json: { workspace: 'w', command } })).body.requestId as string;
  const ended = async (id: string) => (await call('GET', `/status/${id}`, { headers: { prefer: 'wait=30' } })).body;

  test('a turn under way is found and ends, its prompt reaches the model once, and what was queued runs', async () => {
    const first = await submit('hold over the crash');
    const second = await submit('waiting behind');
    await until(
      async () => (await call('GET', `/status/${first}`)).body.phase === 'working' && held.has('hold over the crash'),
    );
    await stop('SIGKILL');
    await start();
    held.get('hold over the crash')?.resolve('the answer');
    expect(await ended(first)).toMatchObject({ state: 'completed', output: { text: 'the answer' } });
    expect(await ended(second)).toMatchObject({ state: 'completed', output: { text: 'echo: waiting behind' } });
    expect(model.count('hold over the crash')).toBe(1);
    expect(model.count('waiting behind')).toBe(1);
  }, 90_000);

  test('a turn that ended while no gateway ran is completed from the transcript', async () => {
    const id = await submit('hold while away');
    await until(
      async () => (await call('GET', `/status/${id}`)).body.phase === 'working' && held.has('hold while away'),
    );
    await stop('SIGKILL');
    held.get('hold while away')?.resolve('said to nobody');
    await start();
    expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: 'said to nobody' } });
    expect(model.count('hold while away')).toBe(1);
  }, 90_000);

  test('SIGTERM leaves the turn in tmux, and an Idempotency-Key is still known after the start', async () => {
    const body = { json: { workspace: 'w', command: 'hold over the stop' }, headers: { 'idempotency-key': 'k' } };
    const id = (await call('POST', '/execute', body)).body.requestId as string;
    await until(
      async () => (await call('GET', `/status/${id}`)).body.phase === 'working' && held.has('hold over the stop'),
    );
    expect(await stop('SIGTERM')).toBe(0);
    await start();
    const replayed = await call('POST', '/execute', body);
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect(replayed.body.requestId).toBe(id);
    held.get('hold over the stop')?.resolve('kept');
    expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: 'kept' } });
    expect(model.count('hold over the stop')).toBe(1);
  }, 90_000);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The tmux server outlives its gateway on purpose; a test ends what it started. */
async function endTmux(dataDir: string): Promise<void> {
  await createTmux({ socket: toSocketName(dataDir), env: { PATH: process.env['PATH'] ?? '' } }).killServer();
}
