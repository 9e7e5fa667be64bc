import { expect, test } from '@jest/globals';
import type { Client } from 'pg';
import type { Link } from '../../../../src/store/postgres/connections/link.ts';
import { createGroupCommit } from '../../../../src/store/postgres/group-commit.ts';
import { unavailable } from '../../../../src/store/postgres/storage-error.ts';
import type { Step } from '../../../../src/store/sql/step.ts';

const LOST = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

function* say(word: string): Step<string> {
  return word;
}

/** A connection that is lost at COMMIT, and the next one, on which that transaction was committed, or was not. */
function openLink(wasCommitted: boolean) {
  let written: unknown = null;
  const query = (isLost: boolean) => async (asked: string | { readonly values: readonly unknown[] }) => {
    if (typeof asked !== 'string') written = asked.values[1];
    if (asked === 'COMMIT' && isLost) throw LOST;
    const rows = [{ committed: wasCommitted ? written : 0 }];
    return { rows, command: asked === 'COMMIT' ? 'COMMIT' : '' };
  };
  const first = { query: query(true) } as unknown as Client;
  const second = { query: query(false) } as unknown as Client;
  const back = Promise.withResolvers<Client>();
  const dropped = Promise.withResolvers<void>();
  let current: Client | null = first;
  const link: Link = {
    take() {
      if (current === null) throw unavailable(LOST);
      return current;
    },
    drop() {
      current = null;
      dropped.resolve();
    },
    again: () => back.promise,
    settle() {},
    close: async () => {},
  };
  const comeBack = (): void => {
    current = second;
    back.resolve(second);
  };
  return { link, dropped: dropped.promise, comeBack };
}

test('who wrote when the connection was lost at COMMIT is told what became of it, once that is known', async () => {
  const { link, dropped, comeBack } = openLink(true);
  const group = createGroupCommit(link, () => {});
  const told = group.write(() => say('kept'));
  await dropped;
  comeBack();
  await expect(told).resolves.toBe('kept');
});

test('and is refused when it was not committed', async () => {
  const { link, dropped, comeBack } = openLink(false);
  const group = createGroupCommit(link, () => {});
  const told = group.write(() => say('lost'));
  await dropped;
  comeBack();
  await expect(told).rejects.toMatchObject({ code: 'storage_unavailable' });
});

test('whoever comes meanwhile is refused at once, and served again afterwards', async () => {
  const { link, dropped, comeBack } = openLink(true);
  const group = createGroupCommit(link, () => {});
  const told = group.write(() => say('kept'));
  await dropped;
  await expect(group.write(() => say('meanwhile'))).rejects.toMatchObject({ code: 'storage_unavailable' });
  comeBack();
  await told;
  await expect(group.write(() => say('afterwards'))).resolves.toBe('afterwards');
});
