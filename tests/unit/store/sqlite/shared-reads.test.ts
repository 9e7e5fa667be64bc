import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createGroupCommit } from '../../../../src/store/sqlite/group-commit.ts';
import { shareReads } from '../../../../src/store/sqlite/shared-reads.ts';

let dir: string;
let db: DatabaseSync;
/** Another connection. */
let other: DatabaseSync;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-reads-'));
  const file = join(dir, 'test.db');
  db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (id INTEGER PRIMARY KEY)');
  other = new DatabaseSync(file);
});

afterEach(async () => {
  db.close();
  other.close();
  await rm(dir, { recursive: true });
});

test('what is read in one turn of the loop is of one moment, and the next turn reads anew', async () => {
  const reads = shareReads(db);
  reads.begin();
  expect(count()).toBe(0);
  other.exec('INSERT INTO notes VALUES (1)');
  reads.begin();
  expect(count()).toBe(0);
  await nextTurn();
  reads.begin();
  expect(count()).toBe(1);
});

test('a write in the turn in which something was read finds no transaction', async () => {
  const reads = shareReads(db);
  const group = createGroupCommit(db, { begins: reads.end });
  const written = group.write(() => db.exec('INSERT INTO notes VALUES (1)'));
  await nextTurn();
  reads.begin();
  expect(count()).toBe(0);
  await written;
  reads.begin();
  expect(count()).toBe(1);
});

test('a connection that was closed meanwhile is left alone', async () => {
  shareReads(db).begin();
  db.close();
  await nextTurn();
  db.open();
});

function count(): number {
  return Number(db.prepare('SELECT count(*) AS count FROM notes').get()?.['count']);
}
