import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { inspectDatabase } from '../../src/store/sqlite/inspect.ts';
import { FIRST_MIGRATIONS } from '../../src/store/sqlite/first-migrations.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { aRequest, enqueue } from '../contract/store-fixtures.ts';
import { COMPILED } from '../helpers/compiled.ts';

/** Kills, spread over the whole time of an undisturbed run and a bit beyond. */
const KILLS = Number(process.env['BACKUP_KILLS'] ?? 60);
const OLD = ['old-1', 'old-2', 'old-3'];
const NEW = ['new-1', 'new-2'];

let root: string;
const at = (name: string): string => path.join(root, name);

beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-killed-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe(`gatehouse restore, killed ${KILLS} times`, () => {
  beforeAll(async () => {
    await fill('saved', NEW);
    await gatehouse('saved', 'backup', at('copy.tgz')).over;
    await fill('pristine', OLD);
    // What a crash leaves: much of the old database is in its journal alone.
    const db = new DatabaseSync(at('pristine/gatehouse.db'));
    db.exec(`PRAGMA wal_autocheckpoint = 0; UPDATE requests SET prompt = hex(randomblob(200000))`);
    cpSync(at('pristine'), at('crashed'), { recursive: true });
    db.close();
  });

  test(
    'leaves the old database or the new one, whole, and restores when it is run again',
    async () => {
      const tookMs = await time(() => {
        renew();
        return gatehouse('data', 'restore', at('copy.tgz')).over;
      });
      const found: string[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) {
        renew();
        const { child, over } = gatehouse('data', 'restore', at('copy.tgz'));
        await delay((tookMs * 1.1 * kill) / KILLS);
        child.kill('SIGKILL');
        await over;
        found.push(readIds('data').join());
      }
      const counts = [OLD, NEW].map((ids) => found.filter((one) => one === ids.join()).length);
      process.stdout.write(`\nrestore: ${counts[0]} left the old database, ${counts[1]} the new one\n`);
      expect(counts[0] ?? 0).toBeGreaterThan(0);
      expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(KILLS);
      await gatehouse('data', 'restore', at('copy.tgz')).over;
      expect(readIds('data')).toEqual(NEW);
    },
    30_000 + KILLS * 5_000,
  );

  function renew(): void {
    rmSync(at('data'), { recursive: true, force: true });
    cpSync(at('crashed'), at('data'), { recursive: true });
  }
});

describe(`a migration, killed ${KILLS} times`, () => {
  const FIRST = 1;
  const ROWS = 40_000;

  test(
    'leaves the old database or the new one, whole, and is done when it is run again',
    async () => {
      mkdirSync(at('first'));
      fillFirstVersion(at('first/gatehouse.db'));
      const tookMs = await time(() => {
        renew();
        return open().over;
      });
      const newest = readVersion();
      const versions: number[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) {
        renew();
        const { child, over } = open();
        await delay((tookMs * 1.1 * kill) / KILLS);
        child.kill('SIGKILL');
        await over;
        versions.push(readVersion());
        expect(inspectDatabase(at('migrated/gatehouse.db'), 'all')).toBeNull();
        expect(countRequests()).toBe(ROWS);
      }
      const counts = [FIRST, newest].map((version) => versions.filter((one) => one === version).length);
      process.stdout.write(`\nmigration: ${counts[0]} left the old version, ${counts[1]} the new one\n`);
      expect(counts[0] ?? 0).toBeGreaterThan(0);
      expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(KILLS);
      await open().over;
      expect(readVersion()).toBe(newest);
    },
    60_000 + KILLS * 10_000,
  );

  function renew(): void {
    rmSync(at('migrated'), { recursive: true, force: true });
    cpSync(at('first'), at('migrated'), { recursive: true });
  }

  function open(): Run {
    const file = JSON.stringify(at('migrated/gatehouse.db'));
    const module = JSON.stringify(path.resolve('src/store/sqlite/open.ts'));
    return start(['-e', `import(${module}).then(({ openSqliteStore }) => openSqliteStore({ file: ${file} }))`], {});
  }

  function fillFirstVersion(file: string): void {
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA journal_mode = WAL; ${FIRST_MIGRATIONS[0]}; PRAGMA user_version = ${FIRST}; BEGIN;
      INSERT INTO sessions (workspace, agent, created_at, last_activity_at) VALUES ('demo', 'claude', 0, 0);
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${ROWS})
      INSERT INTO requests (id, workspace, session_id, agent, source, identity, priority, rank, timeout_ms, state,
          created_at, completed_at, epoch, prompt)
        SELECT 'r' || n, 'demo', 1, 'claude', 'http', '{}', 'normal', 2, 1000, 'completed', n, n, 1, 'hi' FROM numbers;
      COMMIT`);
    db.close();
  }

  const ask = (sql: string): Record<string, unknown> | undefined => {
    const db = new DatabaseSync(at('migrated/gatehouse.db'));
    const row = db.prepare(sql).get();
    db.close();
    return row;
  };
  const readVersion = (): number => Number(ask('PRAGMA user_version')?.['user_version']);
  const countRequests = (): number => Number(ask('SELECT count(*) AS count FROM requests')?.['count']);
});

interface Run {
  readonly child: ChildProcess;
  readonly over: Promise<unknown>;
}

function start(argv: readonly string[], env: Readonly<Record<string, string>>): Run {
  const whole = { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: COMPILED, ...env };
  const child = spawn(process.execPath, [...argv], { env: whole, stdio: 'ignore' });
  return { child, over: once(child, 'exit') };
}

function gatehouse(folder: string, ...argv: readonly string[]): Run {
  return start(['src/main.ts', ...argv], { DATA_DIR: at(folder), WORKSPACES_ROOT: at('workspaces') });
}

async function time(act: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await act();
  return performance.now() - begunAt;
}

async function fill(folder: string, ids: readonly string[]): Promise<void> {
  mkdirSync(at(folder));
  const store = await openSqliteStore({ file: at(`${folder}/gatehouse.db`) });
  await enqueue(store, ...ids.map((id) => aRequest(id, { prompt: 'long '.repeat(200_000) })));
  await store.close();
}

/** As a gateway would find it. */
function readIds(folder: string): readonly string[] {
  const db = new DatabaseSync(at(`${folder}/gatehouse.db`));
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  const ids = db.prepare('SELECT id FROM requests ORDER BY seq').all();
  db.close();
  return ids.map(({ id }) => String(id));
}
