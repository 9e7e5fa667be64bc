import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runProgram } from '../../../../src/hooks/run/program.ts';
import { writeHook } from '../../../helpers/hook-files.ts';
import { isRunning } from '../../../helpers/process-tree.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';
import { closestBeside } from '../../../helpers/beside.ts';
import { until } from '../../../helpers/until.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';
const never = new AbortController().signal;

function run(ref: string, more: { timeoutMs?: number; input?: string; env?: Record<string, string> } = {}) {
  return runProgram({ ref, input: '{"type":"pre_session"}', timeoutMs: 10_000, env: { PATH }, ...more }, never);
}

const pidIn = (file: string): number => Number(readFileSync(file, 'utf8'));

describe('a hook that is a program', () => {
  test('gets its JSON on stdin, and what it prints is what it says', async () => {
    using folder = createTempFolder();
    const end = await run(writeHook(folder.path, 'echo', 'cat; echo oh >&2'));
    expect(end).toEqual({ kind: 'done', text: '{"type":"pre_session"}', complaint: 'oh\n' });
  });

  test('may leave its input unread, however long that is', async () => {
    using folder = createTempFolder();
    const end = await run(writeHook(folder.path, 'deaf', 'echo "{}"'), { input: 'x'.repeat(2 ** 20) });
    expect(end).toMatchObject({ kind: 'done', text: '{}\n' });
  });

  test('sees of the environment what it is given, and nothing of this process', async () => {
    using folder = createTempFolder();
    process.env['HOOK_TEST_SECRET'] = 'a-secret';
    const end = await run(writeHook(folder.path, 'env', 'env'), { env: { PATH, TOKEN: 't' } });
    delete process.env['HOOK_TEST_SECRET'];
    const names = end.kind === 'done' ? end.text.split('\n').map((line) => line.split('=')[0]) : [];
    // A shell adds some of its own.
    expect(names.filter((name) => !['', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? '')).toSorted()).toEqual([
      'PATH',
      'TOKEN',
    ]);
  });

  test('runs in its own folder', async () => {
    using folder = createTempFolder();
    const end = await run(writeHook(folder.path, 'where', 'pwd'));
    expect(end).toMatchObject({ text: `${folder.path}\n` });
  });

  test.each([
    ['exits with 1', 'exit 1', 'exited with 1'],
    ['is ended by a signal', 'kill -9 $$', 'was ended by SIGKILL'],
    ['prints 10 MB', 'head -c 10000000 /dev/zero', 'printed more than 256 kB'],
  ])('has failed when it %s', async (_, lines, why) => {
    using folder = createTempFolder();
    expect(await run(writeHook(folder.path, 'bad', lines))).toMatchObject({ kind: 'failed', why });
  });

  test('has failed when it is not there, or may not be run', async () => {
    using folder = createTempFolder();
    expect(await run(join(folder.path, 'missing'))).toMatchObject({ kind: 'failed', why: 'cannot be run (ENOENT)' });
    expect(await run(folder.path)).toMatchObject({ kind: 'failed', why: 'cannot be run (EACCES)' });
  });

  test('has failed when it is being written, or is given too much', async () => {
    using folder = createTempFolder();
    const ref = writeHook(folder.path, 'hook', 'exit');
    expect(await run(ref, { env: { PATH, BIG: 'x'.repeat(4 * 2 ** 20) } })).toMatchObject({
      kind: 'failed',
      why: 'cannot be run (E2BIG)',
    });
    await using _writer = await open(ref, 'a');
    expect(await run(ref)).toMatchObject({ kind: 'failed', why: 'cannot be run (ETXTBSY)' });
  });

  test.each([
    ['alone', 'exec sleep 30'],
    ['with a child that holds its pipes', 'sleep 30'],
    ['with a child in a group of its own', 'setsid sleep 30 & echo $! > child; sleep 30'],
    ['that ignores being told', 'trap "" TERM INT HUP; sleep 30; sleep 30'],
  ])('is ended %s when its time is up, within 100 ms', async (_, lines) => {
    using folder = createTempFolder();
    const ref = writeHook(folder.path, 'slow', `echo $$ > pid; ${lines}`);
    const { ends, lateMs } = await closestBeside(500, 100, () => run(ref, { timeoutMs: 500 }));
    for (const end of ends) expect(end).toMatchObject({ kind: 'failed', why: 'did not end within 500 ms' });
    expect(Math.abs(lateMs)).toBeLessThan(100);
    await until(() => !isRunning(pidIn(join(folder.path, 'pid'))));
    const child = join(folder.path, 'child');
    if (existsSync(child)) await until(() => !isRunning(pidIn(child)));
  });

  test('takes what it left in the background with it, and is not waited for', async () => {
    using folder = createTempFolder();
    const begunAt = performance.now();
    const end = await run(writeHook(folder.path, 'leaves', 'sleep 30 & echo $! > child; echo "{}"'));
    expect(end).toMatchObject({ kind: 'done', text: '{}\n' });
    expect(performance.now() - begunAt).toBeLessThan(5_000);
    await until(() => !isRunning(pidIn(join(folder.path, 'child'))));
  });

  test('is ended when nobody waits for it any more', async () => {
    using folder = createTempFolder();
    const gone = new AbortController();
    const ref = writeHook(folder.path, 'slow', 'echo $$ > pid; sleep 30');
    const running = runProgram({ ref, input: '', timeoutMs: 60_000, env: { PATH } }, gone.signal);
    const pid = join(folder.path, 'pid');
    await until(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '');
    gone.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    await until(() => !isRunning(pidIn(pid)));
  });
});
