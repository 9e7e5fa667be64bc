import { expect, test } from '@jest/globals';
import type { ClientBase } from 'pg';
import { carryOut, type Sent } from '../../../../src/store/postgres/statements.ts';
import { build, query } from '../../../../src/store/sql/query.ts';
import { get, send, type Step } from '../../../../src/store/sql/step.ts';

const INSERT = query<{ name: string }>()((arg) => build.deleteFrom('hooks').where('name', '=', arg('name')));
const SELECT = query<{ name: string }>()((arg) =>
  build.selectFrom('hooks').selectAll().where('name', '=', arg('name')),
);

/** A server that answers when it is told to. */
function createServer() {
  const asked: { readonly text: string; readonly reply: PromiseWithResolvers<unknown> }[] = [];
  const client = {
    query: ({ text }: { readonly text: string }) => {
      const reply = Promise.withResolvers<unknown>();
      asked.push({ text, reply });
      return reply.promise;
    },
  } as unknown as ClientBase;
  return { client, asked };
}

function* sendTwoAndAsk(): Step<string> {
  yield* send(INSERT, { name: 'a' });
  yield* send(INSERT, { name: 'b' });
  yield* get(SELECT, { name: 'a' });
  return 'done';
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('what a step sends is on its way together with what it asks next', async () => {
  const { client, asked } = createServer();
  const done = carryOut(client, sendTwoAndAsk());
  await settled();
  expect(asked.map(({ text }) => text.split(' ')[0])).toEqual(['delete', 'delete', 'select']);
  for (const { reply } of asked) reply.resolve({ rows: [], rowCount: 1 });
  expect(await done).toBe('done');
});

test('a step is over only when all that it sent is answered, but for whoever keeps that', async () => {
  const { client, asked } = createServer();
  function* sendOne(): Step<string> {
    yield* send(INSERT, { name: 'a' });
    return 'done';
  }
  const sent: Sent = [];
  expect(await carryOut(client, sendOne(), undefined, sent)).toBe('done');
  expect(sent).toHaveLength(1);
  let isDone = false;
  const waits = carryOut(client, sendOne()).then(() => (isDone = true));
  await settled();
  expect(isDone).toBe(false);
  asked[1]?.reply.resolve({ rows: [], rowCount: 1 });
  await waits;
});

test('what failed first says why, and not what failed because of it', async () => {
  const { client, asked } = createServer();
  const done = carryOut(client, sendTwoAndAsk());
  await settled();
  asked[0]?.reply.resolve({ rows: [], rowCount: 1 });
  asked[1]?.reply.reject(new Error('the disk is full'));
  asked[2]?.reply.reject(new Error('the transaction is aborted'));
  await expect(done).rejects.toThrow('the disk is full');
});
