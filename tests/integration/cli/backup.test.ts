import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { lockDataDir } from '../../../src/store/sqlite/lock.ts';
import { aRequest, aSession, enqueue } from '../../contract/store-fixtures.ts';
import { type CommandLine, createCommandLine } from '../../helpers/gatehouse-command.ts';
import { type GatewayHouse, type GatewayProcess, openGatewayHouse } from '../../helpers/gateway-house.ts';
import { type InstalledAgent, installScriptedAgent } from '../../helpers/scripted-agent/install.ts';
import { until } from '../../helpers/until.ts';

const KEY = 'key-of-tests-0123456789-abcdef';
const TALK = '11111111-2222-4333-8444-555555555555';

let root: string;
const at = (name: string): string => path.join(root, name);

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-backup-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('gatehouse backup and restore', () => {
  let command: CommandLine;
  const talk = (): string => at('data/agent-home/.claude/projects/-workspaces-demo/' + TALK + '.jsonl');

  /** A gateway that does not run, with these requests. */
  async function fill(...ids: readonly string[]): Promise<void> {
    mkdirSync(at('data'), { recursive: true, mode: 0o700 });
    const store = await openSqliteStore({ file: at('data/gatehouse.db') });
    await store.ensureSession(aSession('demo', { agentSessionId: TALK }));
    await enqueue(store, ...ids.map((id) => aRequest(id)));
    await store.close();
  }

  async function idsNow(): Promise<readonly string[]> {
    const store = await openSqliteStore({ file: at('data/gatehouse.db') });
    const found = (await store.listUnended()).map(({ id }) => id);
    await store.close();
    return found;
  }

  beforeEach(async () => {
    command = createCommandLine({ DATA_DIR: at('data'), WORKSPACES_ROOT: at('workspaces'), HTTP_API_KEY: KEY }, root);
    await fill('a', 'b');
    mkdirSync(path.dirname(talk()), { recursive: true });
    writeFileSync(talk(), 'what was said\n');
    writeFileSync(at('data/api-key'), `${KEY}\n`, { mode: 0o600 });
  });

  test('the state comes back as it was, and what was there is kept', async () => {
    const made = await command.run(['backup', 'copy.tgz']);
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toMatch(/^copy\.tgz: \d+ kB, the database and 1 conversation\n$/);
    await fill('c');
    writeFileSync(talk(), 'what was said\nand later\n');
    writeFileSync(at('data/api-key'), 'another\n');
    const restored = await command.run(['restore', 'copy.tgz']);
    expect([restored.code, restored.stderr]).toEqual([0, '']);
    expect(restored.stdout).toContain(`what was there is in ${at('data/gatehouse.db.replaced')}`);
    expect(await idsNow()).toEqual(['a', 'b']);
    expect(readFileSync(talk(), 'utf8')).toBe('what was said\n');
    expect(readFileSync(at('data/api-key'), 'utf8')).toBe(`${KEY}\n`);
    expect(existsSync(at('data/restoring'))).toBe(false);
  });

  test('it comes back where nothing is left', async () => {
    await command.run(['backup', 'copy.tgz']);
    await rm(at('data'), { recursive: true });
    expect((await command.run(['restore', 'copy.tgz'])).code).toBe(0);
    expect(await idsNow()).toEqual(['a', 'b']);
    expect(readFileSync(talk(), 'utf8')).toBe('what was said\n');
    expect(statSync(at('data/gatehouse.db')).mode & 0o077).toBe(0);
  });

  test('it comes back where the database is damaged', async () => {
    await command.run(['backup', 'copy.tgz']);
    writeFileSync(at('data/gatehouse.db'), 'no database at all, but for its name'.repeat(1_000));
    writeFileSync(at('data/gatehouse.db-wal'), 'nor a journal'.repeat(1_000));
    expect((await command.run(['restore', 'copy.tgz'])).code).toBe(0);
    expect(await idsNow()).toEqual(['a', 'b']);
  });

  test('a backup is for its owner alone, and takes no conversation of somebody else', async () => {
    const other = path.join(path.dirname(talk()), 'other.jsonl');
    writeFileSync(other, 'a person’s own\n');
    await command.run(['backup', 'copy.tgz']);
    expect(statSync(at('copy.tgz')).mode & 0o077).toBe(0);
    const names = execFileSync('tar', ['-tzf', at('copy.tgz')], { encoding: 'utf8' });
    expect(names).toContain(`${TALK}.jsonl`);
    expect(names).not.toContain('other.jsonl');
    expect(globSync(at('copy.tgz*'))).toEqual([at('copy.tgz')]);
  });

  test('what is in Postgres is not backed up, nor restored over: it says what does that', async () => {
    const env = {
      DATA_DIR: at('data'),
      WORKSPACES_ROOT: at('workspaces'),
      DATABASE_URL: 'postgres://me@localhost/mine',
    };
    const elsewhere = createCommandLine(env, root);
    for (const name of ['backup', 'restore']) {
      const { code, stderr } = await elsewhere.run([name, 'copy.tgz']);
      expect([code, stderr]).toEqual([1, expect.stringContaining('copy it with pg_dump')]);
    }
    expect(existsSync(at('copy.tgz'))).toBe(false);
  });

  test('a backup never takes the place of a file', async () => {
    writeFileSync(at('copy.tgz'), 'mine');
    const { code, stderr } = await command.run(['backup', 'copy.tgz']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('is there already: name another file')]);
    expect(readFileSync(at('copy.tgz'), 'utf8')).toBe('mine');
  });

  test.each<[string, () => unknown, string]>([
    ['is cut off', () => truncateSync(at('copy.tgz'), 1_000), 'is no backup, or not all of one'],
    ['is something else', () => writeFileSync(at('copy.tgz'), 'a letter'), 'is no backup, or not all of one'],
    ['is another archive', () => repack((db) => db.close(), { manifest: '{}' }), 'is no backup of a gateway'],
    ['holds a newer database', () => repack((db) => db.exec('PRAGMA user_version = 999')), 'was written by a newer'],
    [
      'holds a broken database',
      () => repack((db) => db.exec(`PRAGMA foreign_keys = OFF; INSERT INTO owed_answers VALUES ('gone', null, 1)`)),
      'is damaged: a row refers to one that is gone',
    ],
    ['is not there', () => rm(at('copy.tgz')), 'is no backup, or not all of one'],
  ])('a backup that %s is refused, and nothing is changed', async (_what, spoil, words) => {
    await command.run(['backup', 'copy.tgz']);
    await spoil();
    await fill('c');
    const { code, stderr } = await command.run(['restore', 'copy.tgz']);
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
    expect(await idsNow()).toEqual(['a', 'b', 'c']);
  });

  test('nothing is restored below a gateway that runs', async () => {
    await command.run(['backup', 'copy.tgz']);
    const lock = lockDataDir(at('data'));
    try {
      const { code, stderr } = await command.run(['restore', 'copy.tgz']);
      expect([code, stderr]).toEqual([1, expect.stringContaining(`another gateway (pid ${process.pid})`)]);
    } finally {
      lock.release();
    }
  });

  /** The same backup with other content. */
  function repack(change: (db: DatabaseSync) => void, { manifest }: { readonly manifest?: string } = {}): void {
    mkdirSync(at('repacked'));
    execFileSync('tar', ['-xzf', at('copy.tgz'), '-C', at('repacked')]);
    if (manifest !== undefined) writeFileSync(at('repacked/manifest.json'), manifest);
    const db = new DatabaseSync(at('repacked/gatehouse.db'));
    change(db);
    if (db.isOpen) db.close();
    execFileSync('tar', ['-czf', at('copy.tgz'), '-C', at('repacked'), '.']);
  }
});

describe('a backup of a gateway at work', () => {
  let folder: string;
  let house: GatewayHouse;
  let agent: InstalledAgent;
  let before: readonly string[];
  let ended: ReadonlyMap<string, string>;

  const start = async (): Promise<GatewayProcess> => {
    const gateway = house.start();
    await gateway.ready();
    return gateway;
  };
  const run = (...argv: readonly string[]): Promise<NodeJS.Signals | number> =>
    house.start(['src/main.ts', ...argv]).exited;
  const submit = async (n: number): Promise<string> => {
    const json = { workspace: `w${n % 4}`, command: `job ${n} of many` };
    return (await house.call('POST', '/execute', { json })).body.requestId as string;
  };
  const read = async (id: string): Promise<Record<string, unknown>> => (await house.call('GET', `/status/${id}`)).body;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-backup-'));
    agent = await installScriptedAgent(folder, [{ match: 'job (\\S+)', do: { text: 'done {1}' } }]);
    house = await openGatewayHouse({ agent, env: { QUEUE_MAX: '10000', SESSION_QUEUE_MAX: '10000' } });
    const gateway = await start();
    const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => submit(n)));
    await until(async () => (await read(ids[7] ?? ''))['state'] === 'completed');
    before = ids;
    ended = await findEnded(ids);
    let isOver = false;
    const submitting = (async () => {
      for (let n = 100; !isOver; n += 1) await submit(n);
    })();
    const made = await run('backup', path.join(folder, 'copy.tgz'));
    isOver = true;
    await submitting;
    process.kill(gateway.pid, 'SIGTERM');
    await gateway.exited;
    const restored = [await run('down'), await run('restore', path.join(folder, 'copy.tgz'))];
    expect([made, ...restored]).toEqual([0, 0, 0]);
  });
  afterAll(async () => {
    await house.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function findEnded(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all(ids.map(async (id) => [id, await read(id)] as const));
    return new Map(
      found.flatMap(([id, { state, output }]) =>
        state === 'completed' ? [[id, (output as { readonly text: string }).text] as const] : [],
      ),
    );
  }

  test('is whole by every check, with the tables, indices and triggers of a new one', async () => {
    const db = new DatabaseSync(house.database, { readOnly: true });
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const fresh = path.join(folder, 'fresh.db');
    await (await openSqliteStore({ file: fresh })).close();
    const other = new DatabaseSync(fresh, { readOnly: true });
    const schema = 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name';
    expect(db.prepare(schema).all()).toEqual(other.prepare(schema).all());
    db.close();
    other.close();
  });

  test('holds all that was accepted before it, and the gateway goes on with it', async () => {
    expect(ended.size).toBeGreaterThan(0);
    await start();
    for (const [id, text] of ended) expect(await read(id)).toMatchObject({ state: 'completed', output: { text } });
    await until(async () => {
      const states = await Promise.all(before.map(async (id) => (await read(id))['state']));
      return !states.some((state) => state === 'queued' || state === 'running');
    }, 90_000);
    const wrong = await Promise.all(before.map(read));
    // What ran at that moment ran in an agent that is gone.
    const outcomes = new Set(wrong.map(({ state, reason }) => reason ?? state));
    expect(['completed', 'host_restarted', 'submission_unknown']).toEqual(expect.arrayContaining([...outcomes]));
    expect(outcomes).toContain('completed');
    expect(wrong.filter(({ conversationLost }) => conversationLost !== null)).toEqual([]);
  });
});
