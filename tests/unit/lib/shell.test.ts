import { afterEach, describe, expect, test } from '@jest/globals';
import { createShell, type Shell } from '../../../src/lib/shell.ts';
import { isRunning } from '../../helpers/process-tree.ts';
import { until } from '../../helpers/until.ts';

const never = new AbortController().signal;

describe('a shell that stays', () => {
  const shells: Shell[] = [];
  const open = (env: Record<string, string> = { PATH: process.env['PATH'] ?? '' }): Shell => {
    const shell = createShell(env);
    shells.push(shell);
    return shell;
  };
  afterEach(async () => {
    for (const shell of shells.splice(0)) await shell.close();
  });

  test('runs one program after the other, each with its own words and exit code', async () => {
    const shell = open();
    for (const words of [['plain'], ["it's", '$HOME', '`ls`', '\\', '"', '*', ''], ['a\nb', 'ü🚪']]) {
      expect(await shell.run(['printf', '%s|', ...words], never)).toEqual({
        code: 0,
        stdout: words.map((word) => `${word}|`).join(''),
        stderr: '',
      });
    }
    expect(await shell.run(['sh', '-c', 'echo out; echo err >&2; exit 7'], never)).toEqual({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await shell.run(['no-such-program'], never)).toMatchObject({ code: 127 });
  });

  test('hands on all of a long output', async () => {
    const result = await open().run(
      ['sh', '-c', 'i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done'],
      never,
    );
    expect(result?.stdout.split('\n')).toHaveLength(20_001);
  });

  test('gives its programs the environment that it was given, and an empty input', async () => {
    const shell = open({ PATH: process.env['PATH'] ?? '', ONLY: 'this' });
    const { stdout = '' } = (await shell.run(['env'], never)) ?? {};
    expect(stdout.split('\n').filter((line) => !/^(PATH|PWD|SHLVL|_|OLDPWD)=/.test(line))).toEqual(['ONLY=this', '']);
    expect(await shell.run(['cat'], never)).toMatchObject({ code: 0, stdout: '' });
  });

  test('is busy while one runs', async () => {
    const shell = open();
    const first = shell.run(['sleep', '0.2'], never);
    expect(shell.run(['true'], never)).toBeNull();
    await first;
    expect(await shell.run(['true'], never)).toMatchObject({ code: 0 });
  });

  test('ends a program whose signal aborts, and goes on', async () => {
    const shell = open();
    const abort = new AbortController();
    const running = shell.run(['sh', '-c', 'echo $$ >&2; exec sleep 60'], abort.signal);
    abort.abort(new Error('late'));
    await expect(running).rejects.toThrow('late');
    expect(await shell.run(['echo', 'on'], never)).toMatchObject({ stdout: 'on\n' });
  });

  test('that is killed rejects, and the next one is another', async () => {
    const shell = open();
    const running = shell.run(['sh', '-c', 'kill -9 $PPID; sleep 60'], never);
    await expect(running).rejects.toThrow('the shell ended');
    expect(await shell.run(['echo', 'on'], never)).toMatchObject({ stdout: 'on\n' });
  });

  test('is gone once it was closed, and runs nothing more', async () => {
    const shell = open();
    const pid = Number((await shell.run(['sh', '-c', 'echo $PPID'], never))?.stdout);
    expect(isRunning(pid)).toBe(true);
    await shell.close();
    await until(() => !isRunning(pid));
    expect(shell.run(['true'], never)).toBeNull();
  });
});
