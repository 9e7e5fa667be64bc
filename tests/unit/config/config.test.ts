import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { ConfigError, readConfig } from '../../../src/config/config.ts';
import { VARIABLES } from '../../../src/config/env.ts';
import type { Environment } from '../../../src/config/env.ts';

const KEY = 'k3y-of-a-test-0123456789abcdef';

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('defaults', () => {
  test('an empty environment gives the documented settings', () => {
    expect(readConfig({})).toMatchObject({
      http: {
        enabled: true,
        host: '127.0.0.1',
        port: 3000,
        apiKey: null,
        auth: true,
        rateLimitMax: 100,
        rateLimitWindowMs: 60_000,
        corsOrigins: ['*'],
      },
      taskApi: { enabled: true, host: '127.0.0.1', port: 9111, channel: null },
      agent: {
        default: 'claude',
        hookPort: 3010,
        home: resolve('data/agent-home'),
        model: null,
        permissionMode: 'default',
        extraArgs: [],
        credentials: { apiKey: null, oauthToken: null, baseUrl: null },
      },
      dirs: { data: resolve('data'), workspaces: resolve('workspaces') },
      limits: {
        maxLiveSessions: 8,
        sessionIdleMs: 1_800_000,
        maxRunningTurns: 4,
        queueMax: 200,
        sessionQueueMax: 100,
        turnTimeoutMs: 1_800_000,
        drainTimeoutMs: 8000,
        chatFileMaxBytes: 20_971_520,
      },
      log: { level: 'info', prompts: false },
    });
  });

  test('an empty string is the default, for every variable but CORS_ORIGINS', () => {
    const names = Object.keys(VARIABLES).filter((name) => name !== 'CORS_ORIGINS');
    expect(readConfig(Object.fromEntries(names.map((name) => [name, ' '])))).toEqual(readConfig({}));
  });

  test('every default is valid by its own rule', () => {
    for (const [name, { kind, default: byDefault }] of Object.entries(VARIABLES)) {
      if (byDefault !== null) expect([name, kind.parse(byDefault)]).not.toEqual([name, undefined]);
    }
  });

  test('the program is the one of the pinned package', () => {
    const { bin } = readConfig({}).agent;
    expect(bin).toMatch(/claude-code\/bin\/claude\.exe$/);
    expect(existsSync(bin ?? '')).toBe(true);
  });

  test('the agent home follows DATA_DIR', () => {
    expect(readConfig({ DATA_DIR: '/srv/gatehouse' }).agent.home).toBe('/srv/gatehouse/agent-home');
  });
});

test('a channel of Discord may be named with its hash', () => {
  expect([
    VARIABLES.DISCORD_TASKS_CHANNEL.kind.parse('#tasks'),
    VARIABLES.DISCORD_TASKS_CHANNEL.kind.parse('#'),
  ]).toEqual(['tasks', undefined]);
});

describe('reading', () => {
  test.each(['tasks', 'tasks/answers', './tasks/'])(
    'response files in %s would be taken for tasks',
    (RESPONSES_DIR) => {
      expect(problemsOf({ TASKS_DIR: 'tasks', RESPONSES_DIR })).toEqual([
        'RESPONSES_DIR: must not be TASKS_DIR or a folder in it',
      ]);
      expect(problemsOf({ TASKS_DIR: 'tasks', RESPONSES_DIR: 'tasks-answers' })).toEqual([]);
      expect(problemsOf({ RESPONSES_DIR })).toEqual([]);
    },
  );

  test('quick tasks are off until both of their folders are set', () => {
    expect(readConfig({}).quick).toBeNull();
    expect(problemsOf({ REPOS_ROOT: 'repos' })).toEqual(['WORKTREES_ROOT: must be set, as REPOS_ROOT is']);
    expect(problemsOf({ WORKTREES_ROOT: 'trees' })).toEqual(['REPOS_ROOT: must be set, as WORKTREES_ROOT is']);
    expect(readConfig({ REPOS_ROOT: '/srv/repos', WORKTREES_ROOT: '/srv/trees' }).quick).toEqual({
      ...{ repos: '/srv/repos', worktrees: '/srv/trees', permissionMode: 'acceptEdits' },
      ...{ remoteTimeoutMs: 20_000, gitTimeoutMs: 300_000 },
    });
  });

  test.each([
    ['repos', ['REPOS_ROOT']],
    ['repos/trees', ['REPOS_ROOT']],
    ['workspaces', ['WORKSPACES_ROOT']],
    ['data/trees', ['DATA_DIR']],
    ['home', ['AGENT_HOME']],
    ['.', ['REPOS_ROOT', 'WORKSPACES_ROOT', 'DATA_DIR', 'AGENT_HOME']],
  ])('worktrees in %s would be taken for something else, or it for one of them', (WORKTREES_ROOT, others) => {
    expect(problemsOf({ REPOS_ROOT: 'repos', AGENT_HOME: 'home', WORKTREES_ROOT })).toEqual(
      others.map((name) => `WORKTREES_ROOT: must be neither ${name}, nor in it, nor around it`),
    );
  });

  test('paths become absolute', () => {
    const config = readConfig({ DATA_DIR: 'd', WORKSPACES_ROOT: '../w', AGENT_HOME: 'h' });
    expect([config.dirs.data, config.dirs.workspaces, config.agent.home].every(isAbsolute)).toBe(true);
    expect(config.dirs.workspaces).toBe(resolve('../w'));
  });

  test('extra arguments are split as in a shell', () => {
    const { extraArgs } = readConfig({ CLAUDE_EXTRA_ARGS: `--add-dir "/a b" --x='c d'` }).agent;
    expect(extraArgs).toEqual(['--add-dir', '/a b', '--x=c d']);
  });

  test('origins are a list, and an empty one is none', () => {
    expect(readConfig({ CORS_ORIGINS: 'https://a.example, http://b.example:8080' }).http.corsOrigins).toEqual([
      'https://a.example',
      'http://b.example:8080',
    ]);
    expect(readConfig({ CORS_ORIGINS: '' }).http.corsOrigins).toEqual([]);
  });

  test('a program without a slash is looked up in PATH', () => {
    const folder = join(process.execPath, '..');
    expect(readConfig({ CLAUDE_BIN: 'node', PATH: `/nowhere:${folder}` }).agent.bin).toBe(join(folder, 'node'));
  });

  test('a good key and the credentials are taken as they are', () => {
    const config = readConfig({ HTTP_API_KEY: KEY, ANTHROPIC_API_KEY: 'sk-1', ANTHROPIC_BASE_URL: 'http://[::1]:1/' });
    expect(config.http.apiKey).toBe(KEY);
    expect(config.agent.credentials).toEqual({ apiKey: 'sk-1', oauthToken: null, baseUrl: 'http://[::1]:1' });
  });

  test('the result cannot be changed, at any depth', () => {
    const config = readConfig({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.agent.credentials)).toBe(true);
    expect(Object.isFrozen(config.http.corsOrigins)).toBe(true);
  });

  test('reading one configuration leaves the next one alone', () => {
    readConfig({ CORS_ORIGINS: 'https://a.example' });
    expect(readConfig({}).http.corsOrigins).toEqual(['*']);
  });
});

describe('problems', () => {
  test('all are told at once, each by its variable', () => {
    const problems = problemsOf({
      HTTP_API_PORT: '70000',
      HTTP_API_HOST: 'http://x',
      RATE_LIMIT_MAX: '-1',
      LOG_LEVEL: 'loud',
      HTTP_API_KEY: 'short',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'HTTP_API_HOST',
      'HTTP_API_PORT',
      'HTTP_API_KEY',
      'RATE_LIMIT_MAX',
      'LOG_LEVEL',
    ]);
  });

  test.each([
    'short',
    'default-api-key-change-in-production',
    'changeme-changeme-changeme-changeme',
    'CHANGE_ME_0123456789abcdefghij',
    'your-api-key-0123456789abcdefgh',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'with blanks in it 0123456789abcdef',
    'not-äscii-0123456789abcdefghijk',
  ])('the key %j is refused and not repeated', (key) => {
    const problems = problemsOf({ HTTP_API_KEY: key });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^HTTP_API_KEY: /);
    expect(problems[0]).not.toContain(key);
  });

  test.each([
    ['HTTP_API_ENABLED', 'maybe'],
    ['HTTP_API_PORT', '3000.5'],
    ['HTTP_API_PORT', '0x10'],
    ['HTTP_API_HOST', '300.1.1.1'],
    ['HTTP_API_HOST', 'localhost:3000'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['CORS_ORIGINS', '*, https://a.example'],
    ['TASK_API_HOST', '0.0.0.0'],
    ['TASK_API_HOST', '::'],
    ['TASK_API_HOST', '127.0.0.256'],
    ['TASK_API_HOST', '127.1'],
    ['TASK_API_HOST', 'example.org'],
    ['TASK_API_PORT', '-1'],
    ['TASK_CHANNEL', 'telegram'],
    ['DEFAULT_AGENT', 'gemini'],
    ['CLAUDE_BIN', '/no/such/program'],
    ['CLAUDE_PERMISSION_MODE', 'yolo'],
    ['CLAUDE_EXTRA_ARGS', '"open'],
    ['ANTHROPIC_BASE_URL', 'ftp://x'],
    ['ANTHROPIC_API_KEY', 'two words'],
    ['MAX_LIVE_SESSIONS', '0'],
    ['SESSION_IDLE_MS', '999'],
    ['MAX_RUNNING_TURNS', '0'],
    ['TURN_TIMEOUT_MS', '999'],
    ['DRAIN_TIMEOUT_MS', '8s'],
  ])('%s=%s is refused', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name}: `)]);
  });

  test('* is refused when authentication is off, also as the default', () => {
    expect(problemsOf({ HTTP_API_AUTH_ENABLED: 'false' })).toEqual([expect.stringMatching('^CORS_ORIGINS: ')]);
    expect(problemsOf({ HTTP_API_AUTH_ENABLED: 'false', CORS_ORIGINS: '' })).toEqual([]);
  });

  test('two listeners cannot share a port', () => {
    expect(problemsOf({ AGENT_HOOK_PORT: '3000' })).toEqual([expect.stringMatching('^AGENT_HOOK_PORT: ')]);
    expect(problemsOf({ AGENT_HOOK_PORT: '9111' })).toEqual(['AGENT_HOOK_PORT: must differ from TASK_API_PORT']);
    expect(problemsOf({ TASK_API_PORT: '3000' })).toEqual(['TASK_API_PORT: must differ from HTTP_API_PORT']);
    expect(problemsOf({ AGENT_HOOK_PORT: '0', HTTP_API_PORT: '0', TASK_API_PORT: '0' })).toEqual([]);
  });

  test('a listener that is off takes no port', () => {
    expect(problemsOf({ TASK_API_PORT: '3000', HTTP_API_ENABLED: 'false' })).toEqual([]);
    expect(problemsOf({ TASK_API_PORT: '3000', TASK_API_ENABLED: 'false' })).toEqual([]);
  });

  test.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('the injection API may listen on %s', (host) => {
    expect(readConfig({ TASK_API_HOST: host }).taskApi.host).toBe(host);
  });
});
