import { expect, test } from '@jest/globals';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AuditLine } from '../../../../src/core/model/audit/audit.ts';
import { untilAborted } from '../../../../src/core/model/words/until-aborted.ts';
import { createChain } from '../../../../src/cli/remote/audit/chain.ts';
import { KEY } from '../../../helpers/http-server.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';
import { type Call, fill, type KeysHouse, openKeysHouse, OWN } from '../keys/keys-house.ts';

async function read(house: KeysHouse): Promise<readonly AuditLine[]> {
  const { status, text } = await house.ask({ method: 'GET', path: '/audit?limit=1000' }, KEY);
  expect(status).toBe(200);
  return (JSON.parse(text) as { readonly lines: readonly AuditLine[] }).lines;
}

/** What a caller changes, and the line that it leaves. */
const CHANGES: readonly (readonly [Call, string])[] = [
  [{ method: 'POST', path: '/execute', body: { workspace: 'mine', command: 'a secret' } }, 'request.accepted'],
  [{ method: 'POST', path: `/status/${OWN.queued}/cancel` }, 'request.cancelled'],
  [{ method: 'POST', path: `/status/${OWN.running}/cancel` }, 'request.cancelled'],
  [{ method: 'POST', path: `/approvals/${OWN.approval}`, body: { decision: 'deny' } }, 'approval.denied'],
  [{ method: 'POST', path: '/session/create', body: { workspace: 'new' } }, 'session.created'],
  [{ method: 'DELETE', path: '/session/mine?force=true' }, 'session.deleted'],
  [{ method: 'DELETE', path: `/quick/sessions/${OWN.quick}` }, 'session.deleted'],
  [{ method: 'POST', path: '/keys', body: { name: 'x', scopes: ['read'] } }, 'key.created'],
  [
    { method: 'POST', path: '/webhooks', body: { url: 'https://h.example/s3cret', events: ['request.completed'] } },
    'webhook.created',
  ],
];

test.each(CHANGES)('%j leaves a line that says who, and no secret', async (call, action) => {
  await using house = await openKeysHouse({}, { open: (_spec, signal) => untilAborted(new Promise(() => {}), signal) });
  await fill(house.store);
  // No session ends before its agent was looked for, which a start does.
  if (call.method === 'DELETE') await house.house.start();
  const before = (await read(house)).length;
  const { status, text } = await house.ask(call, KEY);
  expect([status < 300, status, text]).toEqual([true, status, text]);
  const lines = (await read(house)).slice(before);
  expect(lines.map((line) => [line.who, line.action])).toContainEqual(['key:default', action]);
  expect(JSON.stringify(lines)).not.toMatch(/s(3|e)cret|gh_/);
});

test('a key leaves lines when it is made, changed and ended, and when it asks for what it may not', async () => {
  await using house = await openKeysHouse();
  const { record } = await house.makeKey({ scopes: ['admin'] });
  const reader = await house.makeKey({ scopes: ['read'] });
  await house.ask({ method: 'POST', path: `/keys/${record.id}/rotate` }, KEY);
  await house.ask({ method: 'DELETE', path: `/keys/${record.id}` }, KEY);
  expect((await house.ask({ method: 'GET', path: '/keys' }, reader.key)).status).toBe(403);
  expect((await house.ask({ method: 'GET', path: '/audit' }, reader.key)).status).toBe(403);
  expect((await read(house)).map(({ who, action, subject }) => [who, action, subject])).toEqual([
    ['key:default', 'key.rotated', record.id],
    ['key:default', 'key.revoked', record.id],
    [`key:${reader.record.id}`, 'access.denied', 'GET /keys'],
    [`key:${reader.record.id}`, 'access.denied', 'GET /audit'],
  ]);
});

test('what a key may not do is told with the workspace and the ids that it asked for', async () => {
  await using house = await openKeysHouse();
  await fill(house.store);
  const { key } = await house.makeKey({ scopes: ['read'] });
  const before = (await read(house)).length;
  for (const call of [
    { method: 'POST', path: '/execute', body: { workspace: 'mine', command: 'x' } },
    { method: 'GET', path: '/session/mine/screen' },
    { method: 'POST', path: `/status/${OWN.queued}/cancel` },
  ])
    expect((await house.ask(call, key)).status).toBe(403);
  expect(
    (await read(house)).slice(before).map(({ subject, workspace, detail }) => [subject, workspace, detail]),
  ).toEqual([
    ['POST /execute', 'mine', {}],
    ['GET /session/:workspace/screen', 'mine', { workspace: 'mine' }],
    ['POST /status/:requestId/cancel', null, { requestId: OWN.queued }],
  ]);
});

test('a line whose detail is no JSON any more is shown, and found to be changed', async () => {
  using folder = createTempFolder();
  await using house = await openKeysHouse({}, { folder: folder.path });
  await fill(house.store);
  using database = new DatabaseSync(path.join(folder.path, 'gateway.db'));
  database.exec("PRAGMA busy_timeout = 5000; UPDATE audit SET detail = 'none' WHERE seq = 2");
  const lines = await read(house);
  expect(lines[1]?.detail).toEqual({ unreadable: 'none' });
  const chain = createChain(undefined);
  expect(lines.slice(0, 2).map((line) => chain.add(line))).toEqual([null, 'line 2 was changed, or one before it']);
});

test('is read a page at a time, or as lines of JSON, and its hashes hold', async () => {
  await using house = await openKeysHouse();
  await fill(house.store);
  const lines = await read(house);
  expect(lines.length).toBeGreaterThan(2);
  const page = await house.ask({ method: 'GET', path: '/audit?after=1&limit=1' }, KEY);
  expect(JSON.parse(page.text)).toEqual({ lines: [lines[1]], next: 2 });
  const answer = await fetch(`${house.baseUrl}/audit`, {
    headers: { 'x-api-key': KEY, accept: 'application/x-ndjson' },
  });
  const asLines = (await answer.text()).trim().split('\n');
  expect(asLines.map((line) => JSON.parse(line) as unknown)).toEqual(lines);
  const chain = createChain(undefined);
  expect(lines.map((line) => chain.add(line)).filter((wrong) => wrong !== null)).toEqual([]);
});
