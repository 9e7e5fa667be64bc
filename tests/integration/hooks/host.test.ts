import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHostClient } from '../../../src/hooks/host/client.ts';
import type { RunOrder } from '../../../src/hooks/run/order.ts';
import { writeHook, writePlugin } from '../../helpers/hook-files.ts';
import { isRunning } from '../../helpers/process-tree.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

const never = new AbortController().signal;

/** The program that the container runs as the user of hooks. */
describe('the host of hooks', () => {
  let folder: ReturnType<typeof createTempFolder>;
  let socket = '';
  let host: ReturnType<typeof spawn>;

  beforeEach(async () => {
    folder = createTempFolder();
    socket = join(folder.path, 'socket');
    const env = { PATH: process.env['PATH'] ?? '', HOOKS_SOCKET: socket };
    host = spawn(process.execPath, ['src/hook-host.ts'], { env, stdio: 'inherit' });
    // For its own user and the group of its socket.
    await until(() => existsSync(socket) && (statSync(socket).mode & 0o777) === 0o660);
  });
  afterEach(() => {
    host.kill('SIGKILL');
    folder[Symbol.dispose]();
  });

  const order = (ref: string, more: Partial<RunOrder> = {}): RunOrder => ({
    ...{
      ref,
      event: 'pre_session',
      input: '{"a":12345678901234567890}',
      timeoutMs: 20_000,
      env: { A: '1' },
      edition: 'x',
    },
    ...more,
  });
  const run = (ref: string, more: Partial<RunOrder> = {}) => createHostClient(socket).run(order(ref, more), never);

  test('runs programs and plugins as this process would, in its own environment', async () => {
    const program = writeHook(folder.path, 'echo', 'cat; echo "$A $HOOKS_SOCKET" >&2');
    const plugin = writePlugin(folder.path, 'env.mjs', 'export const preSession = () => Object.keys(process.env);');
    expect(await run(program)).toEqual({ kind: 'done', text: '{"a":12345678901234567890}', complaint: '1 \n' });
    expect(await run(plugin)).toMatchObject({ kind: 'done', text: expect.stringMatching(/^\["[A,PTH"]*\]$/) });
    expect(await run(join(folder.path, 'none'))).toMatchObject({ kind: 'failed', why: 'cannot be run (ENOENT)' });
  });

  test('ends a hook that nobody waits for any more', async () => {
    const ref = writeHook(folder.path, 'slow', 'echo $$ > pid; sleep 60');
    const gone = new AbortController();
    const running = createHostClient(socket).run(order(ref, { timeoutMs: 60_000 }), gone.signal);
    const pid = join(folder.path, 'pid');
    await until(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '');
    gone.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    await until(() => !isRunning(Number(readFileSync(pid, 'utf8'))));
  });

  test('that is away is a failure of the hook', async () => {
    host.kill('SIGKILL');
    await new Promise((resolve) => host.once('exit', resolve));
    expect(await run('/bin/true')).toMatchObject({
      kind: 'failed',
      why: 'could not be handed to the user of hooks (ECONNREFUSED)',
    });
  });
});
