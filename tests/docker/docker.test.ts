import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApprovalCalls } from '../helpers/approvals.ts';
import { connectTerminal } from '../helpers/terminal-client.ts';
import { until } from '../helpers/until.ts';
import { checkOut, openDeployment, removeImage, requireDocker, type Deployment } from './deployment.ts';

const BUILD_MS = 10 * 60_000;
const STEP_MS = 3 * 60_000;
/** `stop_grace_period`: Docker kills what takes longer. */
const GRACE_MS = 30_000;
const TMUX = '/run/gatehouse/tmux/server';

const image = `gatehouse-test-${randomBytes(4).toString('hex')}`;
let folder: string;
let gatehouse: Deployment;

beforeAll(async () => {
  await requireDocker();
  folder = await checkOut();
  gatehouse = await openDeployment(folder, image);
  await gatehouse.up();
}, BUILD_MS);

afterAll(async () => {
  await gatehouse?.remove();
  await removeImage(image);
  await rm(folder, { recursive: true, force: true });
}, STEP_MS);

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** The process of this program; waits until there is one. */
function pidOf(deployment: Deployment, pattern: string): Promise<number> {
  return until(async () => Number((await deployment.exec('root', `pgrep -of '${pattern}'`)).stdout) || null);
}

async function answerOf(deployment: Deployment, workspace: string, command: string): Promise<string | undefined> {
  const { state, output } = await deployment.end(await deployment.submit(workspace, command));
  return state === 'completed' ? output.text : state;
}

async function untilPhase(deployment: Deployment, id: string, phase: string): Promise<void> {
  await until(async () => (await deployment.call('GET', `/status/${id}`)).body.phase === phase);
}

describe('docker compose up --build with an empty .env', () => {
  test('is ready, and says where the generated key is', async () => {
    expect((await fetch(`${gatehouse.url}/readyz`)).status).toBe(200);
    const log = await gatehouse.compose('logs', '--no-log-prefix', 'gatehouse');
    expect(log).toMatch(/"file":"\/data\/api-key".*"msg":"api_key.generated"/);
    expect(log).not.toContain(gatehouse.key);
    expect(gatehouse.key).toMatch(/^\S{24,}$/);
  });

  test('is published on loopback alone', async () => {
    expect(await gatehouse.compose('port', 'gatehouse', '3000')).toMatch(/^127\.0\.0\.1:\d+\n$/);
  });

  test('answers a request through the published port', async () => {
    expect(await answerOf(gatehouse, 'first', 'good morning')).toBe('echo: good morning');
    expect((await gatehouse.call('GET', '/health')).body.status).toBe('healthy');
  });

  test('has the project’s commands inside', async () => {
    const ran = await gatehouse.exec('root', 'gatehouse run -w first "and again"');
    expect([ran.code, ran.stdout]).toEqual([0, 'echo: and again\n']);
  });

  test('takes tasks inside, and publishes that port to nobody', async () => {
    const health = await gatehouse.exec('root', 'inject --health');
    expect([health.code, JSON.parse(health.stdout)]).toEqual([0, expect.objectContaining({ status: 'ok' })]);
    await expect(gatehouse.compose('port', 'gatehouse', '9111')).rejects.toThrow();
    expect((await gatehouse.exec('agent', 'node -e "require(\'net\').createServer().listen(9111)"')).code).not.toBe(0);
  });

  test('shows a live terminal', async () => {
    const headers = { 'x-api-key': gatehouse.key };
    const terminal = await connectTerminal(`${gatehouse.url}/session/first/terminal`, { headers });
    await terminal.sees('echo: and again');
    await terminal.close();
    await until(async () => (await gatehouse.call('GET', '/session/first')).body.attached === 0);
  });
});

describe('the container', () => {
  test('has a root file system that nobody can write', async () => {
    for (const user of ['root', 'gatehouse', 'agent'] as const) {
      const tried = await gatehouse.exec(
        user,
        'for at in / /app /app/dist /usr/local/bin /etc /var; do touch $at/x; done',
      );
      expect(tried.stderr.match(/Read-only file system|Permission denied/g)).toHaveLength(6);
    }
    expect((await gatehouse.exec('root', 'touch /app/x')).stderr).toContain('Read-only file system');
  });

  test('gives its parent three capabilities, and none to what it runs', async () => {
    const read = await gatehouse.exec(
      'root',
      'for id in 1 $(pgrep -u gatehouse,agent); do echo $(ps -o user= -p $id) $(sed -n "s/CapEff:\\t//p;s/NoNewPrivs:\\t//p" /proc/$id/status); done',
    );
    const [parent, ...others] = read.stdout.trim().split('\n');
    expect(parent).toBe('root 00000000000000e0 1');
    expect(others.length).toBeGreaterThan(3);
    expect(others.filter((line) => !/^(gatehouse|agent|gatehou\+) 0000000000000000 1$/.test(line))).toEqual([]);
  });

  test('has no compiler', async () => {
    expect((await gatehouse.exec('root', 'type -p cc gcc g++ clang make')).stdout).toBe('');
  });

  test('is bounded in memory and processes', async () => {
    const [memory, processes] = words(await gatehouse.inspect('{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}'));
    expect([Number(memory), Number(processes)]).toEqual([4 * 1024 ** 3, 2048]);
  });

  test('leaves no zombie when an agent ends', async () => {
    await gatehouse.call('DELETE', '/session/first');
    await until(async () => (await gatehouse.exec('root', 'pgrep -f claude.exe')).stdout === '');
    expect((await gatehouse.exec('root', 'ps -eo stat=')).stdout).not.toMatch(/^Z/m);
  });
});

describe('an agent', () => {
  test('is of a user that reads neither the database, nor keys, nor the gateway’s environment', async () => {
    expect(await answerOf(gatehouse, 'spy', 'hello')).toBe('echo: hello');
    expect((await gatehouse.exec('root', 'ps -o user= -p $(pgrep -of claude.exe)')).stdout.trim()).toBe('agent');
    const gateway = await pidOf(gatehouse, 'main.js serve');
    const secrets = [
      ...['gatehouse.db', 'gatehouse.db-wal', 'api-key', 'claude/spy/launch.json', ''].map((name) => `/data/${name}`),
      ...['environ', 'mem', 'fd', 'root'].map((name) => `/proc/${gateway}/${name}`),
      '/proc/1/environ',
    ];
    for (const secret of secrets) {
      const read = await gatehouse.exec('agent', `cat ${secret} || ls ${secret}/`);
      expect([secret, read.code, read.stdout]).toEqual([secret, expect.any(Number), '']);
      expect([secret, read.code]).not.toEqual([secret, 0]);
      expect(read.stderr).toMatch(/Permission denied|Operation not permitted/);
    }
    expect((await gatehouse.exec('agent', `kill -0 ${gateway}`)).code).not.toBe(0);
  });

  test('finds no secret of the gateway in its own environment, nor in any process list', async () => {
    const seen = await gatehouse.exec('agent', 'cat /proc/$(pgrep -of steward.js)/environ /proc/*/cmdline 2>/dev/null');
    expect(seen.stdout).not.toMatch(/HTTP_API|ANTHROPIC|sk-ant/);
    expect(seen.stdout).toContain('STEWARD_SOCKET');
  });

  test('finds none in what a person runs as its user', async () => {
    const seen = await gatehouse.exec('root', 'agent sh -c "id -un; umask; env"');
    expect(seen.stdout).toMatch(/^agent\n0002\n/);
    expect(seen.stdout).not.toMatch(/HTTP_API|ANTHROPIC|sk-ant/);
  });

  test('cannot make the gateway hand over a file by changing the tmux server', async () => {
    const aliases = ['list-panes', 'list-sessions', 'display-message', 'capture-pane'].map(
      (name, at) => `set -s 'command-alias[${100 + at}]' '${name}=load-buffer -b loot /data/api-key ; ${name}'`,
    );
    const planted = await gatehouse.exec('agent', aliases.map((alias) => `tmux -S ${TMUX} ${alias}`).join(' && '));
    expect(planted.code).toBe(0);
    await gatehouse.call('GET', '/sessions');
    await gatehouse.call('GET', '/session/spy/screen');
    const loot = await gatehouse.exec('agent', `tmux -S ${TMUX} show-buffer -b loot`);
    expect([loot.stdout, loot.stderr]).toEqual(['', 'no buffer loot\n']);
    await gatehouse.exec('agent', `tmux -S ${TMUX} set -su command-alias`);
  });

  test('T21: is not led to the tmux around it, which only its own user may reach', async () => {
    const shells = (await gatehouse.exec('agent', 'pgrep -f claude.exe.*--permission-mode')).stdout.trim().split('\n');
    const seen = await gatehouse.exec('agent', `cat /proc/${shells.at(-1)}/environ | tr '\\0' '\\n'`);
    expect(seen.stdout).toContain('HOME=/home/agent');
    expect(seen.stdout).not.toMatch(/^(TMUX|TERM_PROGRAM)/m);
    expect((await gatehouse.exec('agent', 'tmux kill-server')).stderr).toContain('No such file or directory');
    expect((await gatehouse.exec('gatehouse', `tmux -N -S ${TMUX} list-sessions`)).stderr).toContain(
      'Permission denied',
    );
    // What remains: all agents are one user.
    expect((await gatehouse.exec('agent', `tmux -N -S ${TMUX} list-sessions`)).stdout).toContain('claude-spy');
  });

  test('cannot listen where callers send their keys, nor where agents report, also while no gateway does', async () => {
    const listen = (port: number, host: string): string =>
      `require("net").createServer().on("error", (e) => console.log(e.code)).listen({port: ${port}, host: "${host}", reusePort: true}, function () { console.log("taken"); this.close(); })`;
    const tries = [3000, 3010].flatMap((port) => ['0.0.0.0', '127.0.0.1'].map((host) => listen(port, host)));
    const trying = tries.map((code) => `node -e '${code}'`).join('; ');
    expect(words((await gatehouse.exec('agent', trying)).stdout)).toEqual(tries.map(() => 'EADDRINUSE'));
    const gateway = await pidOf(gatehouse, 'main.js serve');
    // Stopped as long as it is tried: what comes in between is never a gateway.
    const killed = await gatehouse.exec('root', `kill -9 ${gateway}; ${trying.replaceAll('node -e', 'agent node -e')}`);
    expect(words(killed.stdout)).toEqual(tries.map(() => 'EADDRINUSE'));
    await until(async () => (await fetch(`${gatehouse.url}/readyz`).catch(() => null))?.status === 200);
  });

  test('works in a folder of its own that the group of both owns', async () => {
    const id = await gatehouse.submit('spy', 'bash git init -q . && touch made && ls -la --time-style=+');
    const approvals = createApprovalCalls(gatehouse.call);
    const [asked] = await approvals.open(id);
    await approvals.decide(asked?.id ?? '', { decision: 'allow' });
    expect((await gatehouse.end(id)).state).toBe('completed');
    const listed = await gatehouse.exec('gatehouse', 'stat -c "%U %G %a %n" /workspaces/spy /workspaces/spy/made');
    expect(listed.stdout).toBe('agent workspaces 2775 /workspaces/spy\nagent workspaces 664 /workspaces/spy/made\n');
  });
});

describe('P2: what an agent started, and what ignores every word of an end', () => {
  test('is gone with its session', async () => {
    const stubborn = `trap "" TERM HUP INT; while :; do sleep 1; done`;
    const line = `bash setsid sh -c '${stubborn}' stubborn-one > /dev/null 2>&1 < /dev/null & echo started`;
    const id = await gatehouse.submit('starts', line);
    const approvals = createApprovalCalls(gatehouse.call);
    const [asked] = await approvals.open(id);
    await approvals.decide(asked?.id ?? '', { decision: 'allow' });
    expect((await gatehouse.end(id)).state).toBe('completed');
    const pid = await pidOf(gatehouse, 'stubborn-on[e]$');
    expect((await gatehouse.call('DELETE', '/session/starts?force=true')).status).toBe(200);
    expect((await gatehouse.exec('root', `kill -0 ${pid}`)).code).not.toBe(0);
  });
});

describe('kill -9', () => {
  test.each([
    ['gateway', 'main.js serve'],
    ['steward', 'steward.js'],
  ])(
    'of the %s inside ends no turn: the same agent goes on, and the request completes',
    async (_name, program) => {
      const id = await gatehouse.submit('killed', 'hold 4');
      await untilPhase(gatehouse, id, 'working');
      const agent = await pidOf(gatehouse, 'claude.exe.*--permission-mode');
      const victim = await pidOf(gatehouse, program);
      const server = await pidOf(gatehouse, '^tmux.*start-server');
      await gatehouse.exec('root', `kill -9 ${victim}`);
      await until(async () => (await pidOf(gatehouse, program)) !== victim);
      await until(async () => (await fetch(`${gatehouse.url}/readyz`).catch(() => null))?.status === 200);
      expect(await gatehouse.end(id)).toMatchObject({ state: 'completed', output: { text: 'held 4' } });
      expect(await pidOf(gatehouse, '^tmux.*start-server')).toBe(server);
      expect((await gatehouse.exec('root', `kill -0 ${agent}`)).code).toBe(0);
      expect(await gatehouse.inspect('{{.RestartCount}}')).toBe('0');
      expect(await answerOf(gatehouse, 'killed', 'and on')).toBe('echo: and on');
    },
    STEP_MS,
  );
});

describe('a second instance', () => {
  test(
    'beside it disturbs nothing',
    async () => {
      const agent = await pidOf(gatehouse, 'claude.exe');
      const second = await openDeployment(folder, image);
      try {
        await second.up();
        expect(second.key).not.toBe(gatehouse.key);
        const both = await Promise.all([gatehouse, second].map((one) => answerOf(one, 'killed', 'hold 1')));
        expect(both).toEqual(['held 1', 'held 1']);
        expect((await second.call('GET', '/sessions')).body.total).toBe(1);
      } finally {
        await second.remove();
      }
      expect(await answerOf(gatehouse, 'killed', 'still there')).toBe('echo: still there');
      expect((await gatehouse.exec('root', `kill -0 ${agent}`)).code).toBe(0);
    },
    STEP_MS,
  );
});

describe('compose', () => {
  test(
    'stop drains in time, and start tells what became of the turn that ran',
    async () => {
      const [running, waiting] = [
        await gatehouse.submit('stopped', 'hold 60'),
        await gatehouse.submit('stopped', 'next'),
      ];
      await untilPhase(gatehouse, running, 'working');
      const beganAt = performance.now();
      await gatehouse.compose('stop');
      expect(performance.now() - beganAt).toBeLessThan(GRACE_MS / 2);
      expect(await gatehouse.inspect('{{.State.ExitCode}} {{.State.OOMKilled}}')).toBe('0 false');
      await gatehouse.up();
      expect(await gatehouse.end(running)).toMatchObject({ state: 'failed', reason: 'host_restarted' });
      expect(await gatehouse.end(waiting)).toMatchObject({ state: 'completed', output: { text: 'echo: next' } });
    },
    STEP_MS,
  );

  test(
    'down and up keep everything, and resume the session',
    async () => {
      const id = await gatehouse.submit('kept', 'the word is mango');
      // What it took follows behind its end.
      const { elapsed: _age, usage: _usage, usagePending: _pending, ...before } = await gatehouse.end(id);
      const { key } = gatehouse;
      await gatehouse.compose('down');
      await gatehouse.up();
      expect(gatehouse.key).toBe(key);
      expect(await gatehouse.end(id)).toMatchObject({ ...before, usage: { costMicroUsd: 0 }, usagePending: false });
      expect(await answerOf(gatehouse, 'kept', 'recall mango')).toBe('I know mango');
    },
    STEP_MS,
  );

  test(
    'up with a wrong setting ends with the name of it',
    async () => {
      const { code, stdout, stderr } = await gatehouse
        .compose('run', '--rm', '--no-deps', '-e', 'QUEUE_MAX=none', 'gatehouse')
        .then((out) => ({ code: 0, stdout: out, stderr: '' }))
        .catch((error: Error) => ({ code: 1, stdout: '', stderr: error.message }));
      expect(code).toBe(1);
      expect(`${stdout}${stderr}`).toContain('QUEUE_MAX: must be');
    },
    STEP_MS,
  );
});
