import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runCommand } from '../../../src/cli/commands.ts';
import { examine } from '../../../src/compose/doctor/examine.ts';
import type { Finding, Machine } from '../../../src/compose/doctor/finding.ts';
import { readConfig } from '../../../src/config/config.ts';
import { lockDataDir } from '../../../src/store/sqlite/lock.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { createFakeTerminal, type FakeTerminal } from '../../helpers/fake-terminal.ts';
import { KEY, openHttpServer } from '../../helpers/http-server.ts';
import { findInPath } from '../../helpers/in-path.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

/** A machine on which nothing is wrong; each test breaks one thing. */
interface House {
  readonly root: string;
  readonly env: Record<string, string>;
  readonly place: (name: string) => string;
  readonly write: (name: string, text: string, mode?: number) => string;
  machine: Partial<Machine>;
}

const MACHINE: Machine = {
  nodeVersion: 'v24.1.0',
  freeBytes: async () => 50e9,
  freeMemory: () => 32e9,
  now: Date.now,
};

async function build(root: string): Promise<House> {
  const place = (name: string): string => path.join(root, name);
  const write = (name: string, text: string, mode = 0o600): string => {
    mkdirSync(path.dirname(place(name)), { recursive: true });
    writeFileSync(place(name), text, { mode });
    chmodSync(place(name), mode);
    return place(name);
  };
  mkdirSync(place('data'), { mode: 0o700 });
  mkdirSync(place('workspaces'));
  mkdirSync(place('bin'));
  for (const program of ['tmux', 'git', 'sh']) symlinkSync(findInPath(program) ?? '', place(`bin/${program}`));
  const claude = write('claude', '#!/bin/sh\necho "2.1.332 (Claude Code)"\n', 0o755);
  await (await openSqliteStore({ file: place('data/gatehouse.db') })).close();
  const env = {
    PATH: place('bin'),
    DATA_DIR: place('data'),
    WORKSPACES_ROOT: place('workspaces'),
    HTTP_API_PORT: '0',
    TASK_API_PORT: '0',
    AGENT_HOOK_PORT: '0',
    HTTP_API_KEY: KEY,
    CLAUDE_BIN: claude,
    ANTHROPIC_API_KEY: 'sk-ant-canary-0123456789',
  };
  return { root, env, place, write, machine: {} };
}

async function look({ env, machine }: House): Promise<readonly Finding[]> {
  return (await examine(readConfig(env), env, { ...MACHINE, ...machine })).findings;
}

/** Breaks something; `says` is what is found, `remedy` the thing to do. */
interface Plant {
  readonly name: string;
  readonly plant: (house: House) => void | Promise<void>;
  readonly says: RegExp;
  readonly remedy: RegExp;
}

let taken: Server;
let stranger: ReturnType<typeof createHttp>;
const portOf = (server: Server): string => String((server.address() as AddressInfo).port);
const TOKEN = '123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

beforeAll(async () => {
  taken = createServer().listen(0, '127.0.0.1');
  // A chat network that knows nobody.
  stranger = createHttp((_request, answer) => answer.writeHead(401).end()).listen(0, '127.0.0.1');
  await Promise.all([taken, stranger].map((server) => new Promise((done) => server.once('listening', done))));
});
afterAll(() => {
  taken.close();
  stranger.close();
});

const quick = ({ env, place }: House): void => {
  mkdirSync(place('repos'));
  mkdirSync(place('trees'));
  Object.assign(env, { REPOS_ROOT: place('repos'), WORKTREES_ROOT: place('trees') });
};

const FAULTS: readonly Plant[] = [
  {
    name: 'an old Node',
    plant: (house) => void (house.machine = { nodeVersion: 'v20.1.0' }),
    says: /node.*v20/,
    remedy: /install Node 24/,
  },
  {
    name: 'no tmux',
    plant: ({ place }) => rmSync(place('bin/tmux')),
    says: /tmux.*not in PATH/,
    remedy: /apt-get install tmux/,
  },
  {
    name: 'a tmux that does not run',
    plant: ({ place, write }) => {
      rmSync(place('bin/tmux'));
      write('bin/tmux', '#!/bin/sh\nexit 127\n', 0o755);
    },
    says: /tmux.*does not run/,
    remedy: /install tmux/,
  },
  {
    name: 'an old tmux',
    plant: ({ place, write }) => {
      rmSync(place('bin/tmux'));
      write('bin/tmux', '#!/bin/sh\necho tmux 2.9a\n', 0o755);
    },
    says: /tmux.*2\.9a/,
    remedy: /tmux 3\.2 or later/,
  },
  {
    name: 'no git for quick tasks',
    plant: (house) => {
      quick(house);
      rmSync(house.place('bin/git'));
    },
    says: /git.*not in PATH/,
    remedy: /install git/,
  },
  {
    name: 'a full disk',
    plant: (house) => void (house.machine = { freeBytes: async () => 1e8 }),
    says: /DATA_DIR has 0\.1 GB/,
    remedy: /free some space/,
  },
  {
    name: 'a clock that was turned back',
    plant: ({ place }) => utimesSync(place('data/gatehouse.db'), new Date(), new Date(Date.now() + 86_400_000)),
    says: /clock.*before the last write/,
    remedy: /set the clock/,
  },
  ...(['HTTP_API', 'TASK_API', 'AGENT_HOOK', 'METRICS'] as const).map((door): Plant => ({
    name: `a taken ${door}_PORT`,
    plant: ({ env }) => void (env[`${door}_PORT`] = portOf(taken)),
    says: /ports.*is taken/,
    remedy: new RegExp(`set ${door}_PORT`),
  })),
  {
    name: 'a data folder that cannot be made',
    plant: ({ env, write }) => void (env['DATA_DIR'] = path.join(write('file', ''), 'data')),
    says: /DATA_DIR: .* cannot be made/,
    remedy: /set DATA_DIR/,
  },
  {
    name: 'a folder that is a file',
    plant: ({ env, write }) => void (env['TASKS_DIR'] = write('tasks', '')),
    says: /TASKS_DIR: .*cannot be written/,
    remedy: /set TASKS_DIR/,
  },
  {
    name: 'an open data folder',
    plant: ({ place }) => chmodSync(place('data'), 0o755),
    says: /others may read .*data$/,
    remedy: /chmod go=/,
  },
  {
    name: 'a key that others may read',
    plant: ({ write }) => void write('data/api-key', KEY, 0o644),
    says: /others may read .*api-key/,
    remedy: /chmod go= .*api-key/,
  },
  {
    name: 'a file without a key in it',
    plant: ({ env, write }) => {
      delete env['HTTP_API_KEY'];
      write('data/api-key', 'short');
    },
    says: /api-key holds no key/,
    remedy: /remove .*api-key/,
  },
  {
    name: 'a gateway that asks for no key',
    plant: ({ env }) =>
      void Object.assign(env, { HTTP_API_AUTH_ENABLED: 'false', CORS_ORIGINS: 'https://example.org' }),
    says: /key.*not asked for/,
    remedy: /HTTP_API_AUTH_ENABLED=true/,
  },
  {
    name: 'a damaged database',
    plant: ({ write }) => void write('data/gatehouse.db', 'x'.repeat(8_192)),
    says: /gatehouse\.db cannot be read/,
    remedy: /restore a backup/,
  },
  {
    name: 'a database of a newer gateway',
    plant: ({ place }) => {
      const db = new DatabaseSync(place('data/gatehouse.db'));
      db.exec('PRAGMA user_version = 999');
      db.close();
    },
    says: /newer gateway/,
    remedy: /start that gateway/,
  },
  {
    name: 'a lost database',
    plant: ({ place, write }) => {
      rmSync(place('data/gatehouse.db'));
      write('data/claude/website/launch.json', '{}');
    },
    says: /missing or empty, and was in use/,
    remedy: /restore it from a backup/,
  },
  {
    name: 'no Claude Code',
    plant: ({ env, write }) => void (env['CLAUDE_BIN'] = write('plain', '')),
    says: /claude.*not installed/,
    remedy: /npm ci/,
  },
  {
    name: 'a Claude Code that does not run',
    plant: ({ write }) => void write('claude', '#!/bin/sh\nexit 1\n', 0o755),
    says: /does not say its version/,
    remedy: /CLAUDE_BIN/,
  },
  {
    name: 'no credentials',
    plant: ({ env }) => void delete env['ANTHROPIC_API_KEY'],
    says: /credentials.*none/,
    remedy: /ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN/,
  },
  {
    name: 'broken settings of the home',
    plant: ({ write }) => void write('data/agent-home/.claude/settings.json', '{'),
    says: /agent-home.*settings\.json is no JSON/,
    remedy: /repair or remove/,
  },
  {
    name: 'broken settings of a workspace',
    plant: ({ write }) => void write('workspaces/website/.claude/settings.local.json', '{'),
    says: /website.*is no JSON/,
    remedy: /repair or remove/,
  },
  {
    name: 'keys that keep prompts from the agent',
    plant: ({ write }) =>
      void write(
        'data/agent-home/.claude/keybindings.json',
        JSON.stringify({ bindings: [{ context: 'Chat', bindings: { enter: 'chat:newline' } }] }),
      ),
    says: /enter in .*keybindings\.json/,
    remedy: /take that key out/,
  },
  {
    name: 'a setting with a slip in its name',
    plant: ({ env }) => void (env['HTTP_API_PROT'] = '3001'),
    says: /HTTP_API_PROT is no setting/,
    remedy: /HTTP_API_PORT/,
  },
  {
    name: 'no HOOKS_FILE',
    plant: ({ env, place }) => void (env['HOOKS_FILE'] = place('none.json')),
    says: /none\.json: cannot be read/,
    remedy: /correct HOOKS_FILE/,
  },
  {
    name: 'a hook that may not be run',
    plant: ({ env, write }) => {
      const ref = write('hook.sh', '#!/bin/sh\n', 0o600);
      env['HOOKS_FILE'] = write('hooks.json', JSON.stringify({ hooks: [{ ref, events: ['pre_session'] }] }));
    },
    says: /hooks.*may not be run/,
    remedy: /hooks test/,
  },
  {
    name: 'wrong prices',
    plant: ({ env, write }) => void (env['PRICES_FILE'] = write('prices.json', '[')),
    says: /prices\.json: is no JSON/,
    remedy: /correct PRICES_FILE/,
  },
  {
    name: 'a token that Telegram does not know',
    plant: ({ env }) =>
      void Object.assign(env, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: `http://127.0.0.1:${portOf(stranger)}` }),
    says: /telegram.*does not know the token/,
    remedy: /TELEGRAM_BOT_TOKEN/,
  },
  {
    name: 'a token that Discord does not know',
    plant: ({ env }) =>
      void Object.assign(env, {
        DISCORD_BOT_TOKEN: 'a'.repeat(60),
        DISCORD_API_ROOT: `http://127.0.0.1:${portOf(stranger)}`,
      }),
    says: /discord.*does not know the token/,
    remedy: /DISCORD_BOT_TOKEN/,
  },
  {
    name: 'a network that does not answer',
    plant: ({ env }) => void Object.assign(env, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }),
    says: /telegram.*does not answer/,
    remedy: /unset TELEGRAM_BOT_TOKEN/,
  },
];

describe('doctor', () => {
  test('finds nothing on a healthy machine, in less than five seconds', async () => {
    using folder = createTempFolder();
    const house = await build(folder.path);
    const begunAt = performance.now();
    expect((await look(house)).filter(({ state }) => state !== 'well')).toEqual([]);
    expect(performance.now() - begunAt).toBeLessThan(5_000);
  });

  test.each(FAULTS)('finds $name, and names the remedy', async ({ plant, says, remedy }) => {
    using folder = createTempFolder();
    const house = await build(folder.path);
    await plant(house);
    const faults = (await look(house)).filter(({ state }) => state === 'fault');
    expect(faults.map(({ check, found }) => `${check} ${found}`)).toContainEqual(expect.stringMatching(says));
    expect(faults.map((one) => one.remedy)).toContainEqual(expect.stringMatching(remedy));
    expect(JSON.stringify(faults)).not.toMatch(/canary|AAAAAAAA|aaaaaaaa/);
  });

  test.each<Omit<Plant, 'remedy'>>([
    {
      name: 'a version that was not tested',
      plant: ({ write }) => void write('claude', '#!/bin/sh\necho 9.9.9\n', 0o755),
      says: /9\.9\.9 was not tested/,
    },
    { name: 'little memory', plant: (house) => void (house.machine = { freeMemory: () => 1e9 }), says: /1\.0 GB free/ },
  ])('notes $name', async ({ plant, says }) => {
    using folder = createTempFolder();
    const house = await build(folder.path);
    await plant(house);
    const notes = (await look(house)).filter(({ state }) => state === 'note');
    expect(notes.map(({ found }) => found)).toEqual([expect.stringMatching(says)]);
  });
});

describe('the command', () => {
  async function run(house: House, ...args: readonly string[]): Promise<{ code: number; terminal: FakeTerminal }> {
    const terminal = createFakeTerminal({ env: house.env, folder: house.root });
    return { code: await runCommand(['doctor', ...args], terminal), terminal };
  }

  test('says that all is well, with 0', async () => {
    using folder = createTempFolder();
    const { code, terminal } = await run(await build(folder.path));
    expect([code, terminal.printed.at(-1)]).toEqual([0, 'All is well.']);
    expect(terminal.printed).toContain('! gateway: does not run here');
  });

  test('tells every wrong setting, with 1', async () => {
    using folder = createTempFolder();
    const house = await build(folder.path);
    Object.assign(house.env, { QUEUE_MAX: '0', LOG_LEVEL: 'loud' });
    const { code, terminal } = await run(house, '--json');
    expect(code).toBe(1);
    const { healthy, findings } = JSON.parse(terminal.printed.join('')) as { healthy: boolean; findings: Finding[] };
    expect([healthy, findings.map(({ found }) => found.split(':', 1)[0])]).toEqual([false, ['QUEUE_MAX', 'LOG_LEVEL']]);
  });

  test('tells an .env that cannot be read, also as JSON', async () => {
    using folder = createTempFolder();
    const house = await build(folder.path);
    mkdirSync(house.place('.env'));
    const { code, terminal } = await run(house, '--json');
    expect(code).toBe(1);
    expect(terminal.printed.join('')).toMatch(/"settings","state":"fault","found":"\.env in .* cannot be read/);
  });

  /** A gateway of these settings seems to run. */
  async function beside(port: string, act: (house: House) => Promise<void>): Promise<void> {
    using folder = createTempFolder();
    const house = await build(folder.path);
    house.env['HTTP_API_PORT'] = port;
    const lock = lockDataDir(house.place('data'));
    try {
      await act(house);
    } finally {
      lock.release();
    }
  }

  test('finds a gateway that does not answer', () =>
    beside('1', async (house) => {
      const { code, terminal } = await run(house);
      expect(code).toBe(1);
      expect(terminal.printed.join('\n')).toMatch(
        /✗ gateway: runs \(pid \d+\), and no gateway answers[^]*→ look at its log/,
      );
    }));

  test('finds what the running gateway says of itself, and a key that it does not know', async () => {
    const gateway = createFakeGateway();
    await using http = await openHttpServer({}, gateway);
    await beside(String(http.port), async (house) => {
      expect((await run(house)).terminal.printed).toContain('✓ gateway: runs and is healthy');
      gateway.setHealth('degraded');
      expect((await run(house)).terminal.printed.join('\n')).toMatch(/✗ gateway: agent: /);
      house.env['HTTP_API_KEY'] = 'another-key-0123456789abcdef';
      const { code, terminal } = await run(house);
      expect(code).toBe(1);
      expect(terminal.printed.join('\n')).toMatch(/refused with 401[^]*→ set GATEHOUSE_API_KEY/);
    });
  });

  test('cannot try a turn where no gateway runs', async () => {
    using folder = createTempFolder();
    const { code, terminal } = await run(await build(folder.path), '--turn');
    expect([code, terminal.printed.at(-3)]).toEqual([1, '✗ turn: no gateway runs here, so none can be tried']);
  });
});
