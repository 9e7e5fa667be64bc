import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runGroup, type GroupOptions } from '../../../src/lib/run-group.ts';
import { killAll, processesWith } from '../../helpers/process-tree.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

const options: GroupOptions = { env: { PATH: process.env['PATH'] ?? '' }, cwd: '/', timeoutMs: 20_000 };
const sh = (script: string, more: Partial<GroupOptions> = {}) =>
  runGroup('sh', ['-c', script], { ...options, ...more });

describe.each([true, false])('a program in a group of its own (leashed: %s)', (isLeashed) => {
  test('is told by its output and its code; it gets its input, and nothing of the environment', async () => {
    process.env['GATEHOUSE_TEST_SECRET'] = 'x';
    const result = await sh('cat; echo "$GATEHOUSE_TEST_SECRET$ONE" >&2; exit 3', {
      isLeashed,
      input: 'in',
      env: { ...options.env, ONE: '1' },
    });
    expect(result).toEqual({ code: 3, ended: 'itself', stdout: Buffer.from('in'), stderr: '1\n' });
  });

  test('ends at the deadline with all that it started, also what does not listen', async () => {
    const mark = `987${process.pid}${isLeashed ? 1 : 2}`;
    const result = await sh(`trap '' TERM; sleep ${mark} & (sleep ${mark}; :)`, { isLeashed, timeoutMs: 200 });
    expect(result).toMatchObject({ code: null, ended: 'late' });
    expect(processesWith(mark)).toEqual([]);
  });

  test('leaves nobody behind when it ends by itself', async () => {
    const mark = `986${process.pid}${isLeashed ? 1 : 2}`;
    expect(await sh(`sleep ${mark} & exit 0`, { isLeashed })).toMatchObject({ code: 0 });
    await until(() => processesWith(mark).length === 0);
  });

  test('is not waited for by those who have left its group, and hold its pipes', async () => {
    const mark = `984${process.pid}${isLeashed ? 1 : 2}`;
    try {
      // The answer ends once it has left.
      const script = `gone=$(setsid sh -c 'exec sleep ${mark} >&2' &); echo begun;`;
      const [late, done] = await Promise.all([
        sh(`${script} sleep ${mark}`, { isLeashed, timeoutMs: 500 }),
        sh(script, { isLeashed }),
      ]);
      expect(late).toMatchObject({ ended: 'late', stdout: Buffer.from('begun\n') });
      expect(done).toMatchObject({ code: 0, ended: 'itself', stdout: Buffer.from('begun\n') });
      expect(processesWith(`sleep\0${mark}`)).toHaveLength(2);
    } finally {
      killAll(processesWith(mark));
    }
  });

  test('ends when its output is too long, of which the first bytes are kept', async () => {
    const { ended, stdout } = await sh('while :; do echo 0123456789; done', { isLeashed, maxBytes: 1_000 });
    expect(ended).toBe('full');
    expect(stdout.length).toBe(1_000);
    // One that is over by itself has printed too much all the same.
    expect(await sh('echo 0123456789', { isLeashed, maxBytes: 5 })).toMatchObject({ ended: 'full' });
  });

  test('ends when the signal aborts, before and while it runs', async () => {
    const signal = AbortSignal.timeout(100);
    expect(await sh('sleep 20', { isLeashed, signal })).toMatchObject({ ended: 'aborted' });
    expect(await sh('sleep 20', { isLeashed, signal })).toMatchObject({ ended: 'aborted' });
  });

  test('may be told to tidy up', async () => {
    const { stdout } = await sh(`trap 'echo tidy; exit' TERM; sleep 20 & wait`, { isLeashed, timeoutMs: 200 });
    expect(stdout.toString()).toBe('tidy\n');
  });
});

test('a program that is not there is told by 127, or by a rejection', async () => {
  expect(await runGroup('no-such-program', [], options)).toMatchObject({ code: 127 });
  await expect(runGroup('no-such-program', [], { ...options, isLeashed: false })).rejects.toThrow('ENOENT');
});

test('a leashed program ends with the process that started it, however that ends', async () => {
  using folder = createTempFolder();
  const mark = `985${process.pid}`;
  const program = path.join(folder.path, 'program.ts');
  const source = path.resolve('src/lib/run-group.ts');
  const ask = `{ env: { PATH: ${JSON.stringify(options.env['PATH'])} }, cwd: '/', timeoutMs: 60_000 }`;
  writeFileSync(
    program,
    `import { runGroup } from ${JSON.stringify(source)};\nawait runGroup('sh', ['-c', 'sleep ${mark} & sleep ${mark}'], ${ask});\n`,
  );
  const child = spawn(process.execPath, [program], { stdio: 'ignore' });
  await until(() => processesWith(`sleep\0${mark}`).length >= 1 && processesWith(mark).length >= 3);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await until(() => processesWith(mark).length === 0, 5_000);
});
