import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createCommandLine, type CommandLine } from '../../helpers/gatehouse-command.ts';
import { HOUSE_KEY, openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../../helpers/gateway-house.ts';
import { installScriptedAgent, type InstalledAgent } from '../../helpers/scripted-agent/install.ts';
import { openSilentServer } from '../../helpers/silent-server.ts';
import { until } from '../../helpers/until.ts';

let folder: string;
let agent: InstalledAgent;
let house: GatewayHouse;
let gateway: GatewayProcess;
let cli: CommandLine;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-cli-'));
  agent = await installScriptedAgent(folder, [
    { match: '^count', do: { lines: { count: 3, everyMs: 20 } } },
    { match: '^crash', do: { exit: { code: 1, when: 'after' } } },
    { match: '^hold (\\S+)', do: { hold: path.join(folder, 'gates/{1}') } },
    {
      match: '^ask',
      do: { ask: { tool: 'Bash', input: { command: 'ls' }, denied: 'was denied' }, text: 'was allowed' },
    },
  ]);
  house = await openGatewayHouse({ agent });
  gateway = house.start();
  await gateway.ready();
  cli = createCommandLine({ GATEHOUSE_URL: house.url, GATEHOUSE_API_KEY: HOUSE_KEY }, folder);
});

afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

/** What differs from run to run, by its kind. */
function golden(said: string): string {
  return said
    .replaceAll(/\b(req|apr|del)-[0-9a-z]+-[\w-]+/g, '$1-ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
    .replaceAll(/\b\d+ MB\b/g, 'N MB')
    .replaceAll(/\t\d+s\b/g, '\tNs');
}

describe('run on a pipe', () => {
  test('prints the answer alone, and the id on stderr', async () => {
    const { code, stdout, stderr } = await cli.run(['run', '-w', 'pipe', 'Say', 'hello']);
    expect([code, stdout, golden(stderr)]).toEqual([0, 'echo: Say hello\n', 'req-ID\n']);
  });

  test.each([[['-']], [[]]])('takes the prompt from stdin with %j', async (words) => {
    const { stdout } = await cli.run(['run', '-w', 'pipe', ...words], 'from stdin');
    expect(stdout).toBe('echo: from stdin\n');
  });

  test('belongs to the trace that the command was given in', async () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    for (const given of [traceparent, 'none\nat all']) {
      const env = { GATEHOUSE_URL: house.url, GATEHOUSE_API_KEY: HOUSE_KEY, TRACEPARENT: given };
      const traced = createCommandLine(env, folder);
      expect((await traced.run(['run', '-w', 'traced', 'Say hello'])).code).toBe(0);
    }
    const rows = await house.read("SELECT trace FROM requests WHERE workspace = 'traced' ORDER BY created_at");
    expect(rows.map((row) => (row['trace'] as string | null)?.includes(traceparent) ?? false)).toEqual([true, false]);
  });

  test('is the status document with --json', async () => {
    const { stdout } = await cli.run(['run', '-w', 'pipe', '--json', 'Say hello']);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'completed', output: { text: 'echo: Say hello' } });
  });

  test('comes line by line with --stream', async () => {
    const { code, stdout } = await cli.run(['run', '-w', 'pipe', '--stream', 'count']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^line 1\nline 2\nline 3\n/);
  });

  test('exits with 3 and the reason when the request does not complete', async () => {
    const { code, stderr } = await cli.run(['run', '-w', 'crash', 'crash']);
    expect(code).toBe(3);
    expect(golden(stderr)).toMatch(/^req-ID\nfailed \(agent_exited\): /);
  });

  test('does not wait with --detach, and cancel ends it', async () => {
    const { stdout } = await cli.run(['run', '-w', 'held', '-d', 'hold one']);
    const id = stdout.trim();
    expect(golden(stdout)).toBe('req-ID\n');
    await until(async () => (await cli.run(['status', id])).stdout === 'running, working\n');
    expect((await cli.run(['cancel', id])).code).toBe(0);
    await until(async () => (await cli.run(['status', id])).stdout.startsWith('cancelled'));
  });

  test('brings the same request again for the same key', async () => {
    const args = ['run', '-w', 'pipe', '-d', '--idempotency-key', 'once', 'Say hello'];
    expect((await cli.run(args)).stdout).toBe((await cli.run(args)).stdout);
  });
});

describe('run on a terminal', () => {
  test('prints the answer as it comes', async () => {
    const { shows, shown, exited } = cli.open(['run', '-w', 'tty', 'count']);
    await shows('line 1');
    expect(await exited).toBe(0);
    expect(shown()).toMatch(/line 1\r\nline 2\r\nline 3\r\n/);
  });

  test('goes away on Ctrl-C with 130, and the request goes on', async () => {
    const { type, shows, exited } = cli.open(['run', '-w', 'left', 'hold two']);
    await shows('the agent works');
    type('\u0003');
    expect(await exited).toBe(130);
    await shows('it goes on: gatehouse status req-');
    agent.release('two', 'went on');
    await until(async () => (await cli.run(['screen', 'left'])).stdout.includes('went on'));
  });

  test('goes away on Ctrl-C before the answer, and says where to look whether it was accepted', async () => {
    await using silent = await openSilentServer();
    const { type, shows, exited } = cli.open(['run', '-w', 'left', 'anything', '--url', new URL(silent.url).origin]);
    await silent.asked();
    type('\u0003');
    expect(await exited).toBe(130);
    await shows('not known whether it was accepted: gatehouse requests -w left says so');
  });

  test('says what waits for a decision, which approve gives', async () => {
    const command = cli.open(['run', '-w', 'asking', 'ask']);
    await command.shows(/gatehouse approve apr-/);
    const id = /approve (apr-[\w-]+)/.exec(command.shown())?.[1] ?? '';
    const { stdout } = await cli.run(['approvals']);
    expect(golden(stdout)).toBe(
      'APPROVAL\tSTATE\tWORKSPACE\tKIND\tEXPIRES\tASKS\napr-ID\topen\tasking\ttool\tINSTANT\tBash: ls\n',
    );
    expect((await cli.run(['approve', id])).stdout).toBe('allowed\n');
    await command.shows('was allowed');
    expect(await command.exited).toBe(0);
    const again = await cli.run(['deny', id, '-m', 'too late']);
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/^refused with 409: /)]);
  });
});

describe('what is read', () => {
  test('requests, as columns on a terminal and with tabs on a pipe', async () => {
    const { stdout } = await cli.run(['requests', '-w', 'crash']);
    expect(golden(stdout)).toBe(
      'REQUEST\tWORKSPACE\tSTATE\tREASON\tSOURCE\tACCEPTED\tTOOK\nreq-ID\tcrash\tfailed\tagent_exited\thttp\tINSTANT\tNs\n',
    );
    const { shown, exited } = cli.open(['requests', '-w', 'crash']);
    await exited;
    expect(shown()).toMatch(/\u001B\[1mREQUEST +WORKSPACE +STATE {3}REASON/);
    expect(shown()).toMatch(/crash +failed +agent_exited +http/);
  });

  test('sessions', async () => {
    const { stdout } = await cli.run(['sessions']);
    expect(stdout).toMatch(/^WORKSPACE\tSTATUS\tAGENT\tACTIVE\tTOTAL\tMEMORY\tUSD\tLAST ACTIVE\n/);
    expect(golden(stdout)).toMatch(/^pipe\tidle\tclaude\t0\t\d\tN MB\t0\.0000\tINSTANT$/m);
  });

  test('the screen of a session', async () => {
    expect((await cli.run(['screen', 'pipe'])).stdout).toContain('echo: Say hello');
  });

  test('how the gateway is', async () => {
    const { code, stdout } = await cli.run(['status']);
    expect([code, stdout.split('\n', 2)]).toEqual([
      0,
      ['CHECK\tIS\tMORE', expect.stringMatching(/^tmuxServer\twell\tsessions count \d+$/)],
    ]);
  });

  test('usage and deliveries, in the documents of the API with --json', async () => {
    expect(JSON.parse((await cli.run(['usage', '--by', 'model', '--json'])).stdout)).toMatchObject({ by: 'model' });
    expect((await cli.run(['usage'])).stdout).toMatch(/^DAY\tREQUESTS.*\n(.*\n)?total\t/);
    expect(JSON.parse((await cli.run(['deliveries', '--json'])).stdout)).toMatchObject({ deliveries: [] });
  });

  test('the events of a request, to its end', async () => {
    const id = (await cli.run(['run', '-w', 'pipe', '-d', 'Say hello'])).stdout.trim();
    const { code, stdout } = await cli.run(['logs', id, '--json']);
    expect(code).toBe(0);
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly type: string }).type);
    expect([types[0], types.at(-1)]).toEqual(['request.queued', 'request.completed']);
  });

  test('what happens from now on, until Ctrl-C, across a restart of the gateway', async () => {
    const { shows, type, exited } = cli.open(['logs', '-f', '-w', 'follow', '--after', '0']);
    await cli.run(['run', '-w', 'follow', 'Say hello']);
    await shows('request.completed');
    process.kill(gateway.pid, 'SIGTERM');
    await gateway.exited;
    await house.start().ready();
    const { stdout } = await cli.run(['run', '-w', 'follow', '-d', 'Say it again']);
    await shows(stdout.trim());
    type('\u0003');
    expect(await exited).toBe(0);
  });
});

describe('what goes wrong', () => {
  test.each([
    [['nope'], /^error: unknown command 'nope'/],
    [['run', 'no workspace'], /^error: required option '-w, --workspace <name>' not specified/],
    [['requests', '--state', 'nope'], /Allowed choices are queued, running/],
    [['serve', '--port', 'x'], /a port is a number from 0/],
    [['status', '--url', 'ftp://x'], /is no address of a gateway/],
  ])('%j is not understood: 2', async (args, says) => {
    const { code, stdout, stderr } = await cli.run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
  });

  test.each([
    [['status', 'req-none'], /^refused with 404: .*\ngatehouse requests lists them/],
    [['logs', 'req-none'], /^refused with 404: .*\ngatehouse requests lists them/],
    [['logs', '-f', 'req-none'], /^refused with 404: .*\ngatehouse requests lists them/],
    [['screen', 'none'], /^refused with 404: .*\ngatehouse sessions lists them/],
    [['deny', 'apr-none'], /^refused with 404: .*\ngatehouse approvals lists them/],
    [['deliveries', '--retry', 'dlv-none'], /^refused with 404: .*\ngatehouse deliveries lists them/],
    [['keys', 'revoke', 'none'], /^refused with 404: .*\ngatehouse keys list lists them/],
    [['requests', '-n', '0'], /^refused with 400: limit must be >= 1\n$/],
    [['run', '-w', 'web'], /^nothing came on stdin: /],
    [['run', '-w', 'no/name', 'x'], /^no\/name is no workspace: letters/],
    [['logs'], /^name a request/],
    [['attach', 'pipe'], /^attach needs a terminal/],
    [['sessions', '--url', 'http://127.0.0.1:1'], /^no gateway answers at http:\/\/127\.0\.0\.1:1: start one/],
  ])('%j says what to do: 1', async (args, says) => {
    const { code, stderr } = await cli.run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
  });

  test('a prompt that is no UTF-8 is not changed into one', async () => {
    const { code, stderr } = await cli.run(['run', '-w', 'web', '-'], Uint8Array.of(0xff, 0xfe, 0x61));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^what came on stdin is no UTF-8: /)]);
  });

  test('whoever follows all that happens ends when nobody reads it any more', async () => {
    await cli.run(['run', '-w', 'unread', '--detach', 'go']);
    const main = path.resolve('src/main.ts');
    const door = { GATEHOUSE_URL: house.url, GATEHOUSE_API_KEY: HOUSE_KEY };
    const script = `"${process.execPath}" "${main}" logs -f --after 0 | head -1`;
    const child = spawn('sh', ['-c', script], { env: { ...process.env, ...door }, cwd: folder, stdio: 'pipe' });
    const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect(said).toMatch(/^1 .*\n$/);
  });

  test('a wrong key is told with what to set', async () => {
    const other = createCommandLine({ GATEHOUSE_URL: house.url, GATEHOUSE_API_KEY: 'x'.repeat(30) }, folder);
    const { code, stderr } = await other.run(['sessions']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^refused with 401: .*\nSet GATEHOUSE_API_KEY/)]);
  });
});

describe('keys', () => {
  test('are made, listed, renewed and ended; the key alone stands on stdout', async () => {
    const made = await cli.run(
      'keys create jobs --scope execute --scope read --workspace jobs-* --turns 9 --cost 1.5 --expires 2099-01-31'.split(
        ' ',
      ),
    );
    const [id = ''] = /(?<=^gh_)[^_]+/.exec(made.stdout) ?? [];
    expect([made.code, made.stderr]).toEqual([0, `the key ${id} is shown once:\n`]);
    const list = await cli.run(['keys', 'list']);
    expect(list.stdout).toContain(`${id}\tjobs\texecute,read\tjobs-*\t2099-01-31T00:00:00.000Z\t-\n`);
    expect(list.stdout).not.toContain(made.stdout.trim());
    const json = JSON.parse((await cli.run(['keys', 'list', '--json'])).stdout) as { keys: readonly object[] };
    expect(json.keys).toContainEqual(
      expect.objectContaining({ id, dailyTurnsMax: 9, dailyCostMicroUsdMax: 1_500_000 }),
    );

    const renewed = await cli.run(['keys', 'rotate', id]);
    expect(renewed.stdout).toMatch(new RegExp(`^gh_${id}_`));
    expect(renewed.stdout).not.toBe(made.stdout);
    expect(await cli.run(['keys', 'revoke', id])).toMatchObject({ code: 0, stdout: '', stderr: `${id} is revoked\n` });
    expect((await cli.run(['keys', 'rotate', id])).code).toBe(1);
  });

  test.each([
    [['keys', 'create', 'jobs'], /--scope/],
    [['keys', 'create', 'jobs', '--scope', 'all'], /execute, read/],
    [['keys', 'create', 'jobs', '--scope', 'read', '--cost', 'much'], /dollars/],
    [['keys', 'create', 'jobs', '--scope', 'read', '--expires', 'soon'], /2026-01-31/],
    [['keys', 'revoke'], /keyId/],
  ])('%j is not understood', async (words, problem) => {
    const { code, stderr } = await cli.run(words);
    expect([code, stderr]).toEqual([2, expect.stringMatching(problem)]);
  });
});
