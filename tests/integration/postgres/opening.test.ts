import { expect, test } from '@jest/globals';
import { inspectServer } from '../../../src/store/postgres/inspect.ts';
import { aRequest, ROOMY } from '../../contract/store-fixtures.ts';
import { open, usePostgres } from './house.ts';

const { server, createDatabase } = usePostgres();

test('a second gateway is told who uses the database, and may once that one has gone', async () => {
  const url = await createDatabase();
  const first = await open({ url });
  await expect(open({ url, lockPatienceMs: 0 })).rejects.toThrow(
    new RegExp(`another gateway \\(pid ${process.pid} on .+\\) already uses the database of DATABASE_URL`),
  );
  await first.close();
  await (await open({ url })).close();
});

test('a database of somebody else is refused and left as it is', async () => {
  const url = await createDatabase();
  const name = new URL(url).pathname.slice(1);
  await server().query('CREATE TABLE notes (a int)', name);
  await expect(open({ url })).rejects.toThrow('is no database of a gateway');
  expect(await server().query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`, name)).toEqual([
    { tablename: 'notes' },
  ]);
});

test('one that a newer gateway wrote is refused', async () => {
  const url = await createDatabase();
  await (await open({ url })).close();
  await server().query('UPDATE gatehouse_version SET version = 999', new URL(url).pathname.slice(1));
  await expect(open({ url })).rejects.toThrow(/written by a newer gateway \(version 999/);
});

test('one that may not be begun stays empty', async () => {
  const url = await createDatabase();
  const mayBegin = async (): Promise<void> => {
    throw new Error('not here');
  };
  await expect(open({ url, mayBegin })).rejects.toThrow('not here');
  const name = new URL(url).pathname.slice(1);
  expect(await server().query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`, name)).toEqual([]);
});

test('settings with which a crash would take what was acknowledged are refused, by their names', async () => {
  const url = await createDatabase();
  const name = new URL(url).pathname.slice(1);
  await server().query(`ALTER DATABASE "${name}" SET synchronous_commit = off`);
  await expect(open({ url })).rejects.toThrow('synchronous_commit is off');
  await server().query(`ALTER DATABASE "${name}" SET synchronous_commit = on`);
  await (await open({ url })).close();
});

test('a server that is not there is named, without its password', async () => {
  const refused = open({ url: 'postgres://me:secret@127.0.0.1:1/gatehouse' });
  await expect(refused).rejects.toThrow('DATABASE_URL: postgres://me@127.0.0.1:1/gatehouse cannot be opened');
  await expect(refused).rejects.not.toThrow('secret');
});

test('the doctor says of each of them what is wrong, and of a good one nothing', async () => {
  const url = await createDatabase();
  expect(await inspectServer(url)).toBeNull();
  await server().query(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET synchronous_commit = off`);
  expect(await inspectServer(url)).toContain('synchronous_commit is off');
  expect(await inspectServer('postgres://me:secret@127.0.0.1:1/gatehouse')).toMatch(
    /^DATABASE_URL: postgres:\/\/me@127\.0\.0\.1:1\/gatehouse cannot be opened/,
  );
});

test('what Postgres cannot hold in text is replaced, and never keeps a write back', async () => {
  await using store = await open({ url: await createDatabase() });
  await store.accept(aRequest('a', { prompt: 'before\0behind' }), ROOMY, null);
  expect((await store.readRequest('a'))?.prompt).toBe('before\u{FFFD}behind');
});
