import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createStarter } from '../../../../src/agents/tmux/starter.ts';
import { until } from '../../../helpers/until.ts';

const env = { PATH: process.env['PATH'] ?? '', ONLY: 'this' };
const never = new AbortController().signal;
const node = (code: string, ...args: readonly string[]): readonly string[] => [process.execPath, '-e', code, ...args];

describe('a program that the starter runs', () => {
  test('gives what it printed on both streams, and its exit code', async () => {
    const starter = createStarter(env);
    const code = 'process.stdout.write("out\\n"); process.stderr.write("err"); process.exitCode = 7';
    expect(await starter.run(node(code), never)).toEqual({ code: 7, stdout: 'out\n', stderr: 'err' });
    expect(await starter.run(['true'], never)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await starter.run(['printf', '%s', 'no end'], never)).toEqual({ code: 0, stdout: 'no end', stderr: '' });
  });

  test('that is not there is an exit code', async () => {
    expect(await createStarter(env).run(['no-such-program'], never)).toMatchObject({ code: 127 });
  });

  test('gets its words as they are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'binary', maxLength: 30 }).filter((word) => !/[\0\n]/.test(word)),
          { maxLength: 5 },
        ),
        async (words) => {
          const starter = createStarter(env);
          const ran = await starter.run(['printf', '<%s>', ...words.map((word) => word.toWellFormed())], never);
          expect(ran?.stdout).toBe(
            words.length === 0 ? '<>' : words.map((word) => `<${word.toWellFormed()}>`).join(''),
          );
        },
      ),
      { numRuns: 25 },
    ));

  test('prints a screen of megabytes', async () => {
    const ran = await createStarter(env).run(node('process.stdout.write("ü\\n".repeat(1e6))'), never);
    expect(ran?.stdout === 'ü\n'.repeat(1e6)).toBe(true);
  });

  test('has the given environment, an empty standard input, and nothing of the one before', async () => {
    const starter = createStarter(env);
    await starter.run(['sh', '-c', 'cd /; LEFT=1; exit 3'], never);
    const ran = await starter.run(['sh', '-c', 'cat; pwd; echo "$ONLY$LEFT"'], never);
    expect(ran?.stdout).toBe(`${process.cwd()}\nthis\n`);
  });

  test('is one at a time: who comes meanwhile is sent away, and so is a word with a line break', async () => {
    const starter = createStarter(env);
    const first = starter.run(['sleep', '0.05'], never);
    expect(starter.run(['true'], never)).toBeNull();
    await first;
    expect(starter.run(['echo', 'two\nlines'], never)).toBeNull();
    expect(await starter.run(['echo', 'one'], never)).toMatchObject({ stdout: 'one\n' });
  });

  test('is ended when its caller gives up, and the next one runs', async () => {
    const starter = createStarter(env);
    const stop = new AbortController();
    const mark = `98${process.pid}.5`;
    const running = (): boolean => spawnSync('pgrep', ['-f', `sleep ${mark}`]).status === 0;
    const ran = starter.run(['sleep', mark], stop.signal);
    await until(running);
    stop.abort(new Error('too late'));
    await expect(ran).rejects.toThrow('too late');
    await until(() => !running());
    expect(await starter.run(['echo', 'on'], never)).toMatchObject({ stdout: 'on\n' });
  });

  test('is not answered when the shell is killed under it, and the next one runs', async () => {
    const starter = createStarter(env);
    await expect(starter.run(['sh', '-c', 'kill -9 $PPID'], never)).rejects.toThrow('starts tmux');
    expect(await starter.run(['echo', 'on'], never)).toMatchObject({ stdout: 'on\n' });
  });
});

test('a process that has nothing else to do ends, and so does its starter', () => {
  const code = `import { createStarter } from './src/agents/tmux/starter.ts';
    const starter = createStarter(process.env);
    const { stdout } = await starter.run(['sh', '-c', 'echo $PPID'], AbortSignal.timeout(5000));
    process.stdout.write(stdout);`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect([status, /^\d+\n$/.test(stdout)]).toEqual([0, true]);
  return until(() => spawnSync('kill', ['-0', stdout.trim()]).status !== 0);
});
