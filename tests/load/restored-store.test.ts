import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import autocannon from 'autocannon';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { describeStore } from '../contract/store.contract.ts';
import { createCommandLine } from '../helpers/gatehouse-command.ts';
import { HOUSE_KEY } from '../helpers/gateway-house.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { openLoadHouse, type LoadHouse } from './load-house.ts';

const CLIENTS = 20;
/** Of the contract's own repetitions. */
const SHARE = 0.1;
const TIMEOUT_MS = 120_000;

const folder = createTempFolder();
const restored = path.join(folder.path, 'data', 'gatehouse.db');
const emptied = path.join(folder.path, 'emptied.db');
let house: LoadHouse;
/** How many requests there were before and behind the copying. */
const counts: number[] = [];

beforeAll(async () => {
  house = await openLoadHouse([], { SESSION_QUEUE_MAX: '100000' });
  const copy = path.join(folder.path, 'copy.tgz');
  const env = { HTTP_API_KEY: HOUSE_KEY, WORKSPACES_ROOT: path.join(folder.path, 'workspaces') };
  const run = autocannon({
    url: `${house.url}/execute`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': HOUSE_KEY },
    connections: CLIENTS,
    duration: TIMEOUT_MS / 1_000,
    setupClient(client) {
      client.setBody(JSON.stringify({ workspace: `w${Math.trunc(Math.random() * 4)}`, command: 'job under-load' }));
    },
  });
  await until(async () => (await count()) > CLIENTS);
  counts.push(await count());
  const made = await createCommandLine({ ...env, DATA_DIR: path.join(house.root, 'data') }, folder.path).run([
    'backup',
    copy,
  ]);
  counts.push(await count());
  run.stop();
  await run;
  const back = await createCommandLine({ ...env, DATA_DIR: path.dirname(restored) }, folder.path).run([
    'restore',
    copy,
  ]);
  if (made.code !== 0 || back.code !== 0) throw new Error(made.stderr + back.stderr);
  const fresh = path.join(folder.path, 'fresh.db');
  await (await openSqliteStore({ file: fresh })).close();
  copyFileSync(restored, emptied);
  takeRows(fresh, emptied);
}, TIMEOUT_MS);
afterAll(async () => {
  await house.close();
  folder[Symbol.dispose]();
});

async function count(): Promise<number> {
  return Number((await house.read('SELECT count(*) AS count FROM requests'))[0]?.['count']);
}

/** Its rows are those of a fresh one: what the contract rests on besides, tables, indices and triggers, was restored. */
function takeRows(fresh: string, file: string): void {
  using db = new DatabaseSync(file);
  db.prepare('ATTACH ? AS fresh').run(fresh);
  db.exec('PRAGMA foreign_keys = OFF; BEGIN');
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  for (const { name } of tables)
    db.exec(`DELETE FROM ${String(name)}; INSERT INTO ${String(name)} SELECT * FROM fresh.${String(name)}`);
  db.exec('DELETE FROM sqlite_sequence; COMMIT');
}

describe('a database that was restored from a backup under load', () => {
  test('holds whole what had been accepted by then', () => {
    using db = new DatabaseSync(restored, { readOnly: true });
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const [before = 0, behind = 0] = counts;
    expect(behind).toBeGreaterThan(before);
    const found = Number(db.prepare('SELECT count(*) AS count FROM requests').get()?.['count']);
    expect(found).toBeGreaterThanOrEqual(before);
    expect(found).toBeLessThanOrEqual(behind);
  });
});

describeStore(
  'the store of a database that was restored, and emptied',
  async (place) => {
    if (!existsSync(place.file)) copyFileSync(emptied, place.file);
    return openSqliteStore(place);
  },
  SHARE,
);
