import { constants, DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { build, query } from '../../../../src/store/sql/query.ts';

test.each([
  ['its LIMIT', query<{ by: number }>()((arg) => build.selectFrom('hooks').selectAll().limit(arg('by')))],
  ['its OFFSET', query<{ by: number }>()((arg) => build.selectFrom('hooks').selectAll().limit(1).offset(arg('by')))],
  [
    'that of a part',
    query<{ by: number }>()((arg) =>
      build
        .selectFrom((eb) => eb.selectFrom('hooks').select('name').limit(arg('by')).as('those'))
        .select((of) => of.fn.countAll<number>().as('count')),
    ),
  ],
])('SQLite plans a query once, whatever is bound: %s', (_name, { sqlite }) => {
  using db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE hooks (name TEXT)');
  const statement = db.prepare(sqlite.sql);
  let planned = 0;
  db.setAuthorizer(() => {
    planned += 1;
    return constants.SQLITE_OK;
  });
  const run = (by: number): void => void statement.all(...sqlite.bind({ by }));
  // Once because of the authorizer itself.
  run(1);
  const before = planned;
  for (const by of [2, 3, 4]) run(by);
  expect(planned).toBe(before);
});
