import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { listFailures } from '../../scripts/audit-report.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';

const LOCK = { packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'x' } } };

function writeProgram(file: string, lines: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
}

/** A clone with nothing but the script and its lock file, and a PATH of its own. */
function createClone(root: string): {
  readonly bin: string;
  readonly setup: (env?: Record<string, string>) => SetupResult;
} {
  const bin = join(root, 'bin');
  mkdirSync(bin);
  cpSync('scripts/setup.mjs', join(root, 'scripts/setup.mjs'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
  return {
    bin,
    setup: (env = {}) => {
      const args = [join(root, 'scripts/setup.mjs')];
      return spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: bin, ...env } });
    },
  };
}

interface SetupResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An npm that notes how it was called and installs a Node. */
function addPrograms(bin: string, root: string): void {
  writeProgram(join(bin, 'tmux'), '');
  writeProgram(join(bin, 'git'), '');
  writeProgram(join(bin, 'pkill'), '');
  const node = join(root, 'node_modules/.bin/node');
  writeProgram(
    join(bin, 'npm'),
    [
      `echo "$@" NODE_ENV=$NODE_ENV omit=$npm_config_omit >> ${root}/calls`,
      `/bin/mkdir -p ${root}/node_modules/.bin`,
      `echo '${JSON.stringify(LOCK)}' > ${root}/node_modules/.package-lock.json`,
      `echo '#!/bin/sh' > ${node}; echo 'echo v24.1.0' >> ${node}; /bin/chmod +x ${node}`,
    ].join('\n'),
  );
}

describe('scripts/setup.mjs', () => {
  test('says the one command to type when programs are missing', () => {
    using folder = createTempFolder();
    const { bin, setup } = createClone(folder.path);
    writeProgram(join(bin, 'git'), '');
    writeProgram(join(bin, 'pkill'), '');
    writeProgram(join(bin, 'brew'), '');
    expect(setup()).toMatchObject({
      status: 1,
      stderr: 'setup: tmux not found. Install with:\n\n  brew install tmux\n\n',
    });
  });

  test('installs in a fresh clone with all that tests need, and does nothing the next time', () => {
    using folder = createTempFolder();
    const { bin, setup } = createClone(folder.path);
    addPrograms(bin, folder.path);
    expect(setup({ NODE_ENV: 'production', npm_config_omit: 'dev' }).status).toBe(0);
    expect(setup()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder.path, 'calls'), 'utf8')).toBe(
      'ci --no-audit --no-fund --include=dev --include=optional NODE_ENV= omit=\n',
    );
  });

  test.each([
    ['another version', { 'node_modules/a': { version: '0.9.0', integrity: 'x' } }],
    ['a package missing', {}],
    ['a package too many', { ...LOCK.packages, 'node_modules/b': { version: '1.0.0' } }],
  ])('installs again with %s', (_, packages) => {
    using folder = createTempFolder();
    const { bin, setup } = createClone(folder.path);
    addPrograms(bin, folder.path);
    mkdirSync(join(folder.path, 'node_modules'));
    writeFileSync(join(folder.path, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
    expect(setup().status).toBe(0);
    expect(readFileSync(join(folder.path, 'calls'), 'utf8')).toMatch(/^ci /);
  });

  test('says one line for what it installs, however much npm has to say', () => {
    using folder = createTempFolder();
    const { bin, setup } = createClone(folder.path);
    addPrograms(bin, folder.path);
    appendFileSync(join(bin, 'npm'), 'echo added 3 packages; echo npm warn EBADENGINE >&2\n');
    expect(setup()).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'setup: installing the packages of package-lock.json\n',
    });
  });

  test('an npm that fails ends it with 1, and all that npm said is shown', () => {
    using folder = createTempFolder();
    const { bin, setup } = createClone(folder.path);
    addPrograms(bin, folder.path);
    writeProgram(join(bin, 'npm'), 'echo one; echo two >&2; echo three; exit 7');
    const said = /^setup: installing .*\none\ntwo\nthree\nsetup: failed: npm ci .*\n$/;
    expect(setup()).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(said) });
  });

  test('an npm that is not there ends it with 1, and is named', () => {
    using folder = createTempFolder();
    const { bin, setup } = createClone(folder.path);
    addPrograms(bin, folder.path);
    rmSync(join(bin, 'npm'));
    expect(setup()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/npm.* not found\nsetup: failed: npm ci/),
    });
  });

  const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  const onDebian = mayInstall ? test : test.skip;

  onDebian(`installs programs in one line${mayInstall ? '' : ' (skipped: not root on Debian)'}`, () => {
    using folder = createTempFolder();
    const { bin, setup } = createClone(folder.path);
    addPrograms(bin, folder.path);
    rmSync(join(bin, 'tmux'));
    writeProgram(join(bin, 'apt-get'), 'echo "Reading package lists..."; echo warning >&2');
    const { status, stdout, stderr } = setup();
    expect([status, stdout, stderr.split('\n')[0]]).toEqual([0, '', 'setup: installing tmux']);
    expect(stderr).not.toMatch(/Reading|warning/);
  });

  onDebian(`shows why programs cannot be installed${mayInstall ? '' : ' (skipped: not root on Debian)'}`, () => {
    using folder = createTempFolder();
    const { bin, setup } = createClone(folder.path);
    addPrograms(bin, folder.path);
    rmSync(join(bin, 'tmux'));
    writeProgram(join(bin, 'apt-get'), 'echo "Err:1 no network"; exit 100');
    const said = 'setup: installing tmux\nErr:1 no network\nsetup: failed: apt-get update\n';
    expect(setup()).toMatchObject({ status: 1, stdout: '', stderr: said });
  });

  test('finds nothing to do here', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/setup.mjs'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('npm test', () => {
  /** What it had npm run, when npm fails with the line that holds this. */
  function runWith(broken: string, args: readonly string[] = []): { readonly ran: string; readonly status: unknown } {
    using folder = createTempFolder();
    const calls = join(folder.path, 'calls');
    writeProgram(join(folder.path, 'npm'), `echo "$@" >> ${calls}; case "$*" in *${broken}*) exit 3;; esac`);
    const env = { PATH: [folder.path, process.env['PATH']].join(delimiter) };
    const { status } = spawnSync(process.execPath, ['scripts/test.ts', ...args], { env });
    return { ran: readFileSync(calls, 'utf8'), status };
  }

  test.each([
    ['is the checks, the quick half and the rest', 'nothing', 'check test:unit test:real', 0],
    ['stops at a broken check', 'check', 'check', 3],
    ['stops at a broken quick half', 'unit', 'check test:unit', 3],
    ['fails with a broken rest', 'real', 'check test:unit test:real', 3],
  ])('%s', (_, broken, ran, status) => {
    const expected = ran.split(' ').map((script) => `run --silent ${script}\n`);
    expect(runWith(broken)).toEqual({ ran: expected.join(''), status });
  });

  test('with a pattern is that part alone', () => {
    const lanes = { ran: 'run --silent jest -- lanes -t a law\n', status: 0 };
    expect(runWith('nothing', ['lanes', '-t', 'a law'])).toEqual(lanes);
  });
});

describe('.ci/run', () => {
  test.each([
    ['all passed', 'echo "Tests:       3 passed, 3 total"', 0, '3 passed, 0 failed'],
    ['some failed', 'echo "Tests:       1 failed, 2 skipped, 3 passed, 6 total"; exit 1', 1, '3 passed, 1 failed'],
    ['two runs', 'echo "Tests: 3 passed, 3 total"; echo "Tests: 4 passed, 4 total"', 0, '7 passed, 0 failed'],
    ['check failed', 'echo "9 failed"; exit 2', 2, '0 passed, 1 failed'],
    ['a suite did not load', 'echo "Tests: 3 passed, 3 total"; exit 1', 1, '3 passed, 1 failed'],
    ['nothing ran', 'true', 1, '0 passed, 1 failed'],
  ])('%s', (_, npm, status, lastLine) => {
    using folder = createTempFolder();
    cpSync('.ci/run', join(folder.path, '.ci/run'));
    writeFileSync(join(folder.path, 'package.json'), '{}');
    writeProgram(join(folder.path, 'bin/npm'), npm);
    // A test installs nothing on anybody's machine.
    writeProgram(join(folder.path, 'bin/apt-get'), 'true');
    const env = { PATH: [join(folder.path, 'bin'), process.env['PATH']].join(delimiter) };
    const result = spawnSync(join(folder.path, '.ci/run'), { encoding: 'utf8', env });
    expect([result.status, result.stdout.trimEnd().split('\n').at(-1)]).toEqual([status, lastLine]);
  });
});

test('an audit names each promise that does not hold, with its first lines, and each suite that could not begin', () => {
  const lines = Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n    at somewhere\n');
  const broken = { status: 'failed', fullName: 'a law', failureMessages: [lines] };
  const held = { status: 'passed', fullName: 'another', failureMessages: [] };
  const testResults = [
    { message: '', assertionResults: [held, broken] },
    { message: 'no such file', assertionResults: [] },
    { message: '', assertionResults: [] },
  ];
  const [first, ...others] = listFailures({ numPassedTests: 1, testResults });
  expect(first?.split('\n')).toHaveLength(12);
  expect(first).toMatch(/^a law\n {2}line 0\n {2}line 1\n/);
  expect(others).toEqual(['no such file']);
});
