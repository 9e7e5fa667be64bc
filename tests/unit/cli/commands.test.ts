import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { runCommand } from '../../../src/cli/commands.ts';
import { createFakeTerminal } from '../../helpers/fake-terminal.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

describe('runCommand', () => {
  test('help goes to stdout with 0', async () => {
    const terminal = createFakeTerminal();
    expect(await runCommand(['help'], terminal)).toBe(0);
    expect(terminal.printed.join()).toMatch(/Usage:[^]+Examples:/);
  });

  test('a misuse goes to stderr with the help and 2', async () => {
    const terminal = createFakeTerminal();
    expect(await runCommand(['restart'], terminal)).toBe(2);
    expect(terminal.complaints.join()).toMatch(/^unknown command: restart[^]+Usage:/);
    expect(terminal.printed).toEqual([]);
  });

  test('wrong settings are told one by one with 1', async () => {
    const terminal = createFakeTerminal({ env: { HTTP_API_PORT: 'x', LOG_LEVEL: 'y' } });
    expect(await runCommand(['status', 'req-1'], terminal)).toBe(1);
    expect(terminal.complaints.map((line) => line.split(':')[0])).toEqual(['HTTP_API_PORT', 'LOG_LEVEL']);
  });
});

describe('the program', () => {
  const main = resolve('src/main.ts');

  test('says its version', () => {
    const { stdout, status } = spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['0.1.0\n', 0]);
  });

  test('serve ends with 1 and every problem on a line of its own, without a stack', () => {
    using folder = createTempFolder();
    const env = { PATH: process.env['PATH'], HTTP_API_PORT: 'x', QUEUE_MAX: '0', HTTP_API_KEY: 'changeme' };
    const { stderr, status } = spawnSync(process.execPath, [main, 'serve'], {
      encoding: 'utf8',
      env,
      cwd: folder.path,
    });
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    expect(stderr).not.toContain('changeme');
  });
});
