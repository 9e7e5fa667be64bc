import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { moveDatabase } from '../../../src/compose/database/move-database.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { aClaim, aRequest, COMPLETED, mustClaim, ROOMY, T0 } from '../../contract/store-fixtures.ts';
import { usageOf } from '../../helpers/examples.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { open, usePostgres } from './house.ts';

const { server, createDatabase } = usePostgres();

/** Some of everything. */
async function fill(store: Store): Promise<void> {
  await store.addWebhook({
    ...{ id: 'hook', url: 'https://example.org/', events: ['request.completed'], workspaces: null },
    ...{ createdAt: T0, disabledAt: null, secrets: [{ secret: 'whsec_x', validUntil: null }] },
  });
  await store.accept(aRequest('ended', { prompt: 'with \0 in it – née 🚪' }), ROOMY, aClaim());
  await store.end(await mustClaim(store), { ...COMPLETED, usage: usageOf(12, 3) }, T0);
  await store.accept(aRequest('waits', { owed: { file: 'answer', attended: true } }), ROOMY, null);
  await store.accept(aRequest('runs', { workspace: 'other' }), ROOMY, null);
  const turn = await mustClaim(store, 'other');
  await store.openApproval(turn, {
    ...{ id: 'apr', requestId: turn.id, workspace: 'other', kind: 'tool', toolUseId: 'use', subagent: null },
    ...{ tool: 'Write', input: {}, rules: [], createdAt: T0, expiresAt: T0 + 1 },
  });
  await store.bindThread({
    ...{ transport: 'telegram', chat: '-1', threadId: '2', workspace: 'demo', name: 'x', createdAt: T0 },
  });
  await store.beginQuick('owner/repo', T0);
  await store.deleteSession('demo', T0);
}

async function readAll(store: Store): Promise<unknown> {
  return {
    unended: await store.listUnended(),
    ended: await store.readRequest('ended'),
    events: await store.listEvents(0, 1_000),
    approvals: await store.listApprovals({}, 10),
    deliveries: await store.listDeliveries({}, null, 10),
    webhooks: await store.listWebhooks(),
    threads: await store.listThreads(10),
    quick: await store.listQuick(),
    sessions: await store.listSessions(),
    counts: await store.countRequests('other'),
    spent: await store.sumSpent({ from: 0, to: Number.MAX_SAFE_INTEGER }),
    replayed: await store.findByKey('key-1', 'once'),
  };
}

test('all of a data folder is in Postgres afterwards, and goes on there', async () => {
  using folder = createTempFolder();
  const file = path.join(folder.path, 'gatehouse.db');
  const before = await openSqliteStore({ file });
  await fill(before);
  const kept = await readAll(before);
  await before.close();
  const url = await createDatabase();
  const { rows, left } = await moveDatabase(folder.path, url);
  expect(rows).toMatchObject({ requests: 3, approvals: 1, idempotency: 1, owed_answers: 1 });
  expect([existsSync(file), existsSync(left)]).toEqual([false, true]);
  await using after = await open({ url });
  expect(await readAll(after)).toEqual(JSON.parse(JSON.stringify(kept).replaceAll('\\u0000', '\u{FFFD}')));
  await after.accept(aRequest('next'), { total: 3, perSession: 3 }, null);
  expect((await after.listUnended()).map(({ id }) => id)).toEqual(['waits', 'runs', 'next']);
  expect(await after.accept(aRequest('more'), { total: 2, perSession: 2 }, null)).toMatchObject({ kind: 'queue_full' });
  const { last } = await after.readEventSpan();
  expect((await after.appendEvent({ type: 'session.slept', requestId: null, workspace: 'demo', at: T0 })).seq).toBe(
    last + 1,
  );
});

test('a move that fails changes neither of them', async () => {
  using folder = createTempFolder();
  const file = path.join(folder.path, 'gatehouse.db');
  const before = await openSqliteStore({ file });
  await fill(before);
  const kept = await readAll(before);
  await before.close();
  const url = await createDatabase();
  // What stands in the way of the last step.
  mkdirSync(path.join(`${file}.moved`, 'x'), { recursive: true });
  const name = new URL(url).pathname.slice(1);
  await server().query('CREATE TABLE notes (a int)', name);
  await expect(moveDatabase(folder.path, url)).rejects.toThrow('is no database of a gateway');
  const other = await createDatabase();
  const used = await open({ url: other });
  await used.accept(aRequest('a'), ROOMY, null);
  await used.close();
  await expect(moveDatabase(folder.path, other)).rejects.toThrow('in use already');
  const again = await openSqliteStore({ file });
  expect(await readAll(again)).toEqual(kept);
  await again.close();
  await using unchanged = await open({ url: other });
  expect((await unchanged.listUnended()).map(({ id }) => id)).toEqual(['a']);
});
