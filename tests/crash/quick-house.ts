import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { claudeProgram } from '../helpers/claude-program.ts';
import { openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../helpers/gateway-house.ts';
import { processesWith } from '../helpers/process-tree.ts';
import { createRepositoryRig, listWorktrees, type RepositoryRig } from '../helpers/repository-rig.ts';
import { startScriptedModel, type Script, type ScriptedModel } from '../helpers/scripted-model.ts';
import { until } from '../helpers/until.ts';
import { createSteps, type Steps } from './steps.ts';

/** Who was killed in a repository holds it up for five seconds. */
const TIDY_WITHIN_MS = 30_000;

/** A gateway with quick tasks, with the real CLI and with one bare repository that has a remote. */
export interface QuickHouse {
  readonly house: GatewayHouse;
  readonly model: ScriptedModel;
  readonly repositories: RepositoryRig;
  readonly steps: Steps;
  /** Of the repository. */
  readonly root: string;
  /** One whose steps are counted, and that takes work. */
  start(): Promise<GatewayProcess>;
  /** Starts a session; its id. Rejects with a TypeError when the gateway is gone. */
  begin(): Promise<string>;
  send(id: string, content: string): Promise<void>;
  remove(id: string): Promise<void>;
  list(): Promise<readonly string[]>;
  /** What the store says of it; undefined: it has no row. */
  readState(id: string): string | undefined;
  /** Messages with this text that were accepted, whether their session is still there or not. */
  readMessages(content: string): readonly FoundMessage[];
  close(): Promise<void>;
}

export interface FoundMessage {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly text: string | null;
}

export async function openQuickHouse(script?: Script): Promise<QuickHouse> {
  const repositories = createRepositoryRig();
  const source = repositories.create('owner/source');
  repositories.git(repositories.repos, 'clone', '--quiet', '--bare', source, 'owner/repo.git');
  const model = await startScriptedModel(script);
  const counted = repositories.at('counted');
  mkdirSync(counted);
  const steps = createSteps(counted, findGit());
  const house = await openGatewayHouse({
    agent: { bin: claudeProgram(), extraArgs: [] },
    env: {
      PATH: `${steps.bin}:${process.env['PATH']}`,
      CRASH_STEPS: counted,
      REPOS_ROOT: repositories.repos,
      WORKTREES_ROOT: repositories.roots,
      ANTHROPIC_BASE_URL: model.url,
      CLAUDE_EXTRA_ARGS: '',
      MAX_LIVE_SESSIONS: '3',
      LOG_LEVEL: 'warn',
    },
  });
  return {
    ...{ house, model, repositories, steps, root: repositories.at('repos', 'owner', 'repo.git') },
    async start() {
      const gateway = house.start(['tests/crash/doomed-quick-gateway.ts']);
      await gateway.ready();
      return gateway;
    },
    ...createCalls(house),
    readState: (id) =>
      readRows<{ state: string }>(house, 'SELECT state FROM quick_sessions WHERE id = ?', id)[0]?.state,
    readMessages: (content) =>
      readRows(house, 'SELECT id, state, reason, text FROM requests WHERE prompt = ?', content),
    async close() {
      await house.close();
      await model.close();
      repositories[Symbol.dispose]();
    },
  };
}

function createCalls({ call }: GatewayHouse): Pick<QuickHouse, 'begin' | 'send' | 'remove' | 'list'> {
  const ask = async (status: number, method: string, where: string, json?: object): Promise<unknown> => {
    const answer = await call(method, `/quick/sessions${where}`, json === undefined ? {} : { json });
    if (answer.status !== status) throw new Error(`${method} ${where} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  return {
    begin: async () => ((await ask(201, 'POST', '/start', { repo: 'owner/repo' })) as { id: string }).id,
    send: async (id, content) => void (await ask(200, 'POST', `/${id}/message`, { content })),
    remove: async (id) => void (await ask(204, 'DELETE', `/${id}`)),
    list: async () => ((await ask(200, 'GET', '')) as readonly { id: string }[]).map(({ id }) => id),
  };
}

/** Whatever is of no session that the gateway knows, and whatever a session lacks, in words. */
export async function findOrphans(quick: QuickHouse): Promise<readonly string[]> {
  const { house, repositories, root } = quick;
  const ids = await quick.list();
  const branches = repositories.git(root, 'branch', '--list', '--format=%(refname:short)', 'quick/*');
  const told: Readonly<Record<string, readonly string[]>> = {
    folder: readdirSync(repositories.roots),
    worktree: listWorktrees(repositories, root).map((worktree) => path.basename(worktree.path)),
    branch: branches
      .split('\n')
      .filter(Boolean)
      .map((branch) => branch.replace('quick/', '')),
    row: readRows<{ id: string }>(house, 'SELECT id FROM quick_sessions').map(({ id }) => id),
    session: readRows<{ id: string }>(house, 'SELECT workspace AS id FROM sessions').map(({ id }) => id),
  };
  const unlike = Object.entries(told).flatMap(([what, found]) => [
    ...found.filter((id) => !ids.includes(id)).map((id) => `${what} ${id} of nobody`),
    ...ids.filter((id) => !found.includes(id)).map((id) => `no ${what} of ${id}`),
  ]);
  const unready = readRows<{ state: string }>(house, `SELECT state FROM quick_sessions WHERE state <> 'ready'`);
  const inside = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return [
    ...unlike,
    ...unready.map(({ state }) => `a row that is ${state}`),
    ...listTmux(house)
      .filter((id) => !ids.includes(id))
      .map((id) => `tmux session ${id}`),
    ...inside.filter((name) => name.endsWith('.lock')).map((name) => `lock ${name}`),
    ...findPrograms(house, ids),
  ];
}

/** Agents and git, by the folders that their command lines name. */
function findPrograms({ root }: GatewayHouse, ids: readonly string[]): readonly string[] {
  const folder = path.join(root, 'data', 'claude');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('quick-')) : [];
  const gone = names.filter((name) => !ids.includes(name));
  return gone.filter((name) => processesWith(path.join(folder, name)).length > 0).map((name) => `a program of ${name}`);
}

function listTmux({ tmuxSocket }: GatewayHouse): readonly string[] {
  const args = ['-S', tmuxSocket, 'list-sessions', '-F', '#{session_name}'];
  const { stdout } = spawnSync('tmux', args, { encoding: 'utf8' });
  return stdout.split('\n').flatMap((name) => /quick-\d+$/.exec(name)?.[0] ?? []);
}

function readRows<T>({ database }: GatewayHouse, query: string, ...args: readonly string[]): readonly T[] {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    return db.prepare(query).all(...args) as unknown as readonly T[];
  } finally {
    db.close();
  }
}

/** Waits until a start has tidied up. What looks meanwhile may see half of a step, at which git fails. */
export async function untilTidy(quick: QuickHouse): Promise<void> {
  let left: readonly string[] = [];
  const look = async (): Promise<boolean> => {
    left = await findOrphans(quick).catch((error: unknown) => [String(error)]);
    return left.length === 0;
  };
  await until(look, TIDY_WITHIN_MS).catch((cause: unknown) => {
    throw new Error(`not tidied up: ${left.join(', ')}\n${quick.house.log()}`, { cause });
  });
}

function findGit(): string {
  const folders = (process.env['PATH'] ?? '').split(':');
  return path.join(folders.find((folder) => existsSync(path.join(folder, 'git'))) ?? '', 'git');
}
