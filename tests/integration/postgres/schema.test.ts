import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { open, usePostgres } from './house.ts';

const { server, createDatabase } = usePostgres();

/** What one database alone needs. */
const OWN = ['gatehouse_version', 'writers'];

test('both databases have the same tables, with the same columns', async () => {
  const url = await createDatabase();
  await (await open({ url })).close();
  const columns = await server().query(
    `SELECT table_name || '.' || column_name AS name, is_nullable = 'YES' AS may_be_null FROM information_schema.columns
     WHERE table_schema = 'public'`,
    new URL(url).pathname.slice(1),
  );
  const theirs = columns.map(({ name, may_be_null: mayBeNull }) => `${String(name)}${mayBeNull === true ? '?' : ''}`);
  expect(theirs.filter((name) => !OWN.includes(name.split('.')[0] ?? '')).toSorted()).toEqual(listSqliteColumns());
});

function listSqliteColumns(): readonly string[] {
  const db = new DatabaseSync(':memory:');
  migrate(db, ':memory:');
  const rows = db
    .prepare(
      `SELECT m.name AS tbl, c.name AS col, c."notnull" OR c.pk > 0 AS is_set FROM sqlite_schema m, pragma_table_info(m.name) c
       WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
    )
    .all();
  db.close();
  return rows.map(({ tbl, col, is_set: isSet }) => `${String(tbl)}.${String(col)}${isSet === 1 ? '' : '?'}`).toSorted();
}
