import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createGroupCommit } from '../../../../src/store/sqlite/group-commit.ts';

let dir: string;
let db: DatabaseSync;
/** Another connection: it sees only what was committed. */
let reader: DatabaseSync;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-group-'));
  const file = join(dir, 'test.db');
  db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (id INTEGER PRIMARY KEY)');
  db.exec('CREATE TABLE links (note INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)');
  reader = new DatabaseSync(file);
});

afterEach(async () => {
  db.close();
  reader.close();
  await rm(dir, { recursive: true });
});

describe('group commit', () => {
  test('no promise of a group resolves before the group is committed', async () => {
    const group = createGroupCommit(db);
    const seenAtResolve: unknown[] = [];
    const writes = [1, 2, 3].map(async (id) => {
      await group.write(() => insert(id));
      seenAtResolve.push(committed());
    });
    expect(committed()).toEqual([]);
    await Promise.all(writes);
    expect(seenAtResolve).toEqual(Array(3).fill([1, 2, 3]));
  });

  test('the writes of one tick share one transaction', async () => {
    const group = createGroupCommit(db);
    const seenInside: unknown[] = [];
    const write = (id: number) =>
      group.write(() => {
        insert(id);
        seenInside.push(committed());
      });
    await Promise.all([write(1), write(2)]);
    await write(3);
    expect(seenInside).toEqual([[], [], [1, 2]]);
  });

  test('so do those that come one turn of the loop after the other', async () => {
    const commits: number[] = [];
    const group = createGroupCommit(db, { committed: (ms) => commits.push(ms) });
    const writes: Promise<void>[] = [];
    for (const id of [1, 2, 3]) {
      writes.push(group.write(() => insert(id)));
      await nextTurn();
    }
    await Promise.all(writes);
    expect(commits).toHaveLength(1);
  });

  test('but a crowd that never ends is not waited for', async () => {
    const group = createGroupCommit(db);
    const first = group.write(() => insert(1));
    let isDone = false;
    void first.then(() => (isDone = true));
    const writes: Promise<void>[] = [first];
    for (let id = 2; !isDone && id < 100; id += 1) {
      writes.push(group.write(() => insert(id)));
      await nextTurn();
    }
    expect(isDone).toBe(true);
    expect(writes.length).toBeLessThan(20);
    await Promise.all(writes);
  });

  test('what a spoiled group noted is noted once', async () => {
    const sealed: unknown[] = [];
    const group = createGroupCommit(db, { seal: (lines) => sealed.push(...lines.map(({ subject }) => subject)) });
    const noting = (id: number, fails: boolean) =>
      group.write((note) => {
        insert(id);
        note({ at: 0, who: 'someone', action: 'request.accepted', workspace: null, subject: `note ${id}` });
        if (fails) throw new Error('changed my mind');
      });
    await Promise.allSettled([noting(1, false), noting(2, true), noting(3, false)]);
    expect(sealed).toEqual(['note 1', 'note 3']);
    expect(committed()).toEqual([1, 3]);
  });

  test('a full disk is told as one that can be repaired, and nothing of the group is stored', async () => {
    const group = createGroupCommit(db);
    await group.write(() => insert(1));
    const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${pages}`);
    const fill = (): void => {
      for (let id = 10; id < 10_000; id += 1) insert(id);
    };
    const outcomes = await Promise.allSettled([group.write(() => insert(2)), group.write(fill)]);
    const refused = { code: 'storage_unavailable', message: expect.stringMatching(/disk is full.*nothing was stored/) };
    expect(outcomes).toEqual([2, 3].map(() => ({ status: 'rejected', reason: expect.objectContaining(refused) })));
    expect(committed()).toEqual([1]);
    db.exec('PRAGMA max_page_count = 1000000');
    await group.write(() => insert(4));
    expect(committed()).toEqual([1, 4]);
  });

  test('a write that throws is undone and rejects alone', async () => {
    const group = createGroupCommit(db);
    const outcomes = await Promise.allSettled([
      group.write(() => insert(1)),
      group.write(() => {
        insert(2);
        throw new Error('changed my mind');
      }),
      group.write(() => insert(3)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(committed()).toEqual([1, 3]);
  });

  test('a COMMIT that fails rejects the whole group, and the next group goes on', async () => {
    const group = createGroupCommit(db);
    const outcomes = await Promise.allSettled([
      group.write(() => insert(1)),
      group.write(() => db.exec('INSERT INTO links VALUES (99)')),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(committed()).toEqual([]);
    await group.write(() => insert(2));
    expect(committed()).toEqual([2]);
  });

  test('a transaction that the database ended rejects the whole group', async () => {
    const group = createGroupCommit(db);
    const outcomes = await Promise.allSettled([
      group.write(() => insert(1)),
      group.write(() => {
        insert(2);
        db.exec('INSERT OR ROLLBACK INTO notes VALUES (2)');
      }),
      group.write(() => insert(3)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(committed()).toEqual([]);
  });

  test('closing waits for the last group and refuses what comes later', async () => {
    const group = createGroupCommit(db);
    const last = group.write(() => insert(1));
    await group.close();
    expect(committed()).toEqual([1]);
    await last;
    await expect(group.write(() => insert(2))).rejects.toThrow('closed');
  });
});

function insert(id: number): void {
  db.prepare('INSERT INTO notes VALUES (?)').run(id);
}

function committed(): readonly unknown[] {
  return reader
    .prepare('SELECT id FROM notes ORDER BY id')
    .all()
    .map((row) => row['id']);
}
