import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommand } from '../../../src/cli/commands.ts';
import { createProgram } from '../../../src/cli/program/program.ts';
import { createFakeTerminal } from '../../helpers/fake-terminal.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

const program = createProgram(createFakeTerminal(), () => {});
const names = program.commands.map((command) => command.name());
const places = program.commands.flatMap((one) => [
  one.name(),
  ...one.commands.map((below) => `${one.name()} ${below.name()}`),
]);

describe('runCommand', () => {
  test('help goes to stdout with 0', async () => {
    const terminal = createFakeTerminal();
    expect(await runCommand(['help'], terminal)).toBe(0);
    expect(terminal.printed.join()).toMatch(/Usage:[^]+Examples:/);
  });

  test.each(names)('%s has help of its own', async (name) => {
    const terminal = createFakeTerminal();
    expect(await runCommand([name, '--help'], terminal)).toBe(0);
    expect(terminal.printed.join()).toContain(`Usage: gatehouse ${name}`);
  });

  test.each(places)('the help of %s shows examples of it', async (place) => {
    const terminal = createFakeTerminal();
    expect(await runCommand([...place.split(' '), '--help'], terminal)).toBe(0);
    expect(terminal.printed.join('\n')).toMatch(new RegExp(`Examples:\n[^]*gatehouse ${place}`));
  });

  test('what is wrong behind a command is told with its own help', async () => {
    const terminal = createFakeTerminal();
    expect(await runCommand(['keys', 'create'], terminal)).toBe(2);
    expect(terminal.complaints.join('\n')).toContain('(gatehouse keys create --help says more)');
  });

  test.each([['version'], ['--version'], ['-v']])('%s prints the version alone', async (word) => {
    const terminal = createFakeTerminal();
    expect([await runCommand([word], terminal), terminal.printed]).toEqual([0, ['0.1.0']]);
  });

  test('a misuse goes to stderr with where help is, and 2', async () => {
    const terminal = createFakeTerminal();
    expect(await runCommand(['frobnicate'], terminal)).toBe(2);
    expect(terminal.complaints.join('\n')).toBe("error: unknown command 'frobnicate'\n(gatehouse help says more)");
    expect(terminal.printed).toEqual([]);
  });

  test('a near miss is told', async () => {
    const terminal = createFakeTerminal();
    expect(await runCommand(['statsu'], terminal)).toBe(2);
    expect(terminal.complaints.join()).toContain('Did you mean status?');
  });

  test('wrong settings are told one by one with 1', async () => {
    const terminal = createFakeTerminal({ env: { HTTP_API_PORT: 'x', LOG_LEVEL: 'y' } });
    expect(await runCommand(['status', 'req-1'], terminal)).toBe(1);
    expect(terminal.complaints.map((line) => line.split(':')[0])).toEqual(['HTTP_API_PORT', 'LOG_LEVEL']);
  });

  test('no key exits with 1 and says where it was looked for', async () => {
    using folder = createTempFolder();
    const terminal = createFakeTerminal({ env: { DATA_DIR: folder.path } });
    expect(await runCommand(['run', '-w', 'web', 'go'], terminal)).toBe(1);
    expect(terminal.complaints.join()).toContain(`no key in ${folder.path}`);
  });

  test.each(['http://gate.example.org', 'https://10.0.0.7:3000', 'http://127.0.0.1.example.org'])(
    'the key of this machine is not given to %s',
    async (url) => {
      const terminal = createFakeTerminal({ env: { HTTP_API_KEY: 'a-key-of-this-machine-0123456789' } });
      expect(await runCommand(['sessions', '--url', url], terminal)).toBe(1);
      expect(terminal.complaints.join()).toContain(`${url} is another machine: set GATEHOUSE_API_KEY`);
    },
  );

  test('an empty address is a misuse', async () => {
    const terminal = createFakeTerminal();
    expect(await runCommand(['sessions', '--url', ''], terminal)).toBe(2);
    expect(terminal.complaints.join()).toContain('it must be an address, such as http://127.0.0.1:3000.');
  });

  test('address and key of the environment need no settings', async () => {
    const env = { GATEHOUSE_URL: 'http://127.0.0.1:1/', GATEHOUSE_API_KEY: 'k'.repeat(30), LOG_LEVEL: 'wrong' };
    const terminal = createFakeTerminal({ env });
    expect(await runCommand(['sessions'], terminal)).toBe(1);
    expect(terminal.complaints.join()).toMatch(/^no gateway answers at http:\/\/127\.0\.0\.1:1:/);
  });
});

describe('the program', () => {
  const main = resolve('src/main.ts');

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

test('docs/command-line.md names every command', () => {
  const page = readFileSync('docs/command-line.md', 'utf8');
  const listed = [...page.matchAll(/^\| ((?:`[a-z]+`(?:, )?)+) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/[a-z]+/g) ?? [],
  );
  expect(listed.toSorted()).toEqual([...names, 'help'].toSorted());
});
