import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { Store } from '../../../src/core/ports/store.ts';
import { openGatewayRig, TEST_KEY, type GatewayRig } from '../../helpers/gateway-rig.ts';
import { createKeptLog } from '../../helpers/kept-log.ts';
import { commitFiles, createRepositoryRig, listWorktrees, type RepositoryRig } from '../../helpers/repository-rig.ts';
import { until } from '../../helpers/until.ts';

const SESSIONS = 25;
const KEPT = 10;
/** Some twenty calls of git for each. */
const CLEANED_WITHIN_MS = 150_000;
const DAY_MS = 24 * 3_600_000;

interface Session {
  readonly id: string;
  readonly worktree_path: string;
  readonly status: string;
}

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

/** The first cleanup begins when the test says so. Who has expired is not removed before `told`. */
const cleanup = Promise.withResolvers<void>();
const told = new Map<string, Promise<unknown>>();
const log = createKeptLog();
const running = Promise.withResolvers<string>();
let repositories: RepositoryRig;
/** Bare, with a remote. */
let root: string;
let rig: GatewayRig;
let sessions: readonly Session[];

beforeAll(async () => {
  repositories = createRepositoryRig();
  const source = repositories.create('owner/source');
  repositories.git(repositories.repos, 'clone', '--quiet', '--bare', source, 'owner/repo.git');
  // The clone does not have this one yet.
  commitFiles(repositories.git, source, { 'c.txt': 'three\n' });
  root = repositories.at('repos', 'owner', 'repo.git');
  rig = await openGatewayRig({
    env: { REPOS_ROOT: repositories.repos, WORKTREES_ROOT: repositories.roots },
    script: (prompt) => (prompt === 'wait' ? running.promise : `echo: ${prompt}`),
    wrapStore: (store) => ({ ...store, ...holdCleanup(store) }),
    log,
  });
});
afterAll(async () => {
  cleanup.resolve();
  running.resolve('late');
  await rig.close();
  repositories[Symbol.dispose]();
});

test(`${SESSIONS} sessions that start at once have a worktree each, from what the remote has now`, async () => {
  const start = () => rig.call('POST', '/quick/sessions/start', { json: { repo: 'owner/repo' } });
  const answers = await Promise.all(Array.from({ length: SESSIONS }, start));
  expect(answers.map(({ status, headers }) => [status, headers.get('gatehouse-fetch')])).toEqual(
    answers.map(() => [201, 'fetched']),
  );
  sessions = answers.map(({ body }) => body as Session);
  const listed = listWorktrees(repositories, root);
  expect(listed.map(({ path: folder, branch }) => [folder, branch]).toSorted()).toEqual(
    sessions.map(({ id, worktree_path: folder }) => [folder, `quick/${id}`]).toSorted(),
  );
  const indexes = sessions.map(({ worktree_path: folder }) => {
    expect(repositories.git(folder, 'status', '--porcelain')).toBe('');
    expect(existsSync(path.join(folder, 'c.txt'))).toBe(true);
    return path.resolve(folder, repositories.git(folder, 'rev-parse', '--git-path', 'index').trim());
  });
  expect(new Set(indexes).size).toBe(SESSIONS);
  expect(indexes.filter((index) => !existsSync(index))).toEqual([]);
  expect(log.text()).not.toMatch(/lock/i);
  expect(readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lock'))).toEqual([]);
});

test(`the cleanup leaves the newest ${KEPT} but one that is old, and whoever works`, async () => {
  // Both were used last, and so are among the newest; but both are old.
  const [working, idle] = sessions as [Session, Session];
  await ended(await send(idle.id, 'hello'));
  const message = await send(working.id, 'wait');
  await until(() => rig.model.count('wait') === 1);
  for (const { id } of [working, idle]) makeOld(id);
  const order = await list();
  expect(order.slice(0, 2).map(({ id }) => id)).toEqual([working.id, idle.id]);
  const [committed, uncommitted] = order.slice(-2) as [Session, Session];
  const commit = commitFiles(repositories.git, committed.worktree_path, { 'mine.txt': 'mine\n' });
  writeFileSync(path.join(uncommitted.worktree_path, 'rest.txt'), 'rest\n');
  const clients = [committed, idle].map(({ id }) => follow(id));
  await Promise.all(clients.map(({ opened }) => opened));

  cleanup.resolve();
  const left = order.slice(0, KEPT).filter(({ id }) => id !== idle.id);
  const ids = left.map(({ id }) => id).toSorted();
  await until(async () => (await list()).length <= left.length, CLEANED_WITHIN_MS);
  await Promise.all(clients.map(({ gone }) => gone));

  expect((await list()).map(({ id }) => id).toSorted()).toEqual(ids);
  expect(ids).toContain(working.id);
  expect(
    listWorktrees(repositories, root)
      .map((listed) => path.basename(listed.path))
      .toSorted(),
  ).toEqual(ids);
  expect(readdirSync(repositories.roots).toSorted()).toEqual(ids);
  const branches = [...ids, committed.id, uncommitted.id].map((id) => `quick/${id}`);
  const format = '--format=%(refname:short)';
  expect(repositories.git(root, 'branch', '--list', format, 'quick/*').trim().split('\n')).toEqual(branches.toSorted());
  expect(repositories.git(root, 'rev-parse', `quick/${committed.id}`).trim()).toBe(commit);
  expect(repositories.git(root, 'show', `quick/${uncommitted.id}:rest.txt`)).toBe('rest\n');
  for (const { frames, code } of clients) {
    expect(frames.map(({ type, data }) => [type, data])).toEqual([
      ['connected', undefined],
      ['statusChange', { status: 'expired' }],
    ]);
    expect(code()).toBe(1000);
  }
  running.resolve('done');
  expect(await ended(message)).toMatchObject({ state: 'completed', output: { text: 'done' } });
}, 400_000);

const list = async (): Promise<readonly Session[]> => (await rig.call('GET', '/quick/sessions')).body as Session[];
const ended = async (id: string): Promise<unknown> =>
  (await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=60' } })).body;

async function send(id: string, content: string): Promise<string> {
  const sent = await rig.call('POST', `/quick/sessions/${id}/message`, { json: { content } });
  expect(sent.status).toBe(200);
  return (sent.body as { readonly id: string }).id;
}

function holdCleanup(store: Store): Partial<Store> {
  let isFirst = true;
  return {
    async listQuick() {
      const isCleanup = isFirst;
      isFirst = false;
      if (isCleanup) await cleanup.promise;
      return store.listQuick();
    },
    async expireQuick(id, now) {
      const hasExpired = await store.expireQuick(id, now);
      await told.get(id);
      return hasExpired;
    },
  };
}

/** A client of a session, which is removed only once the client was told. */
function follow(id: string) {
  const socket = new WebSocket(`${rig.baseUrl.replace('http', 'ws')}/quick/ws/sessions/${id}`, {
    headers: { 'x-api-key': TEST_KEY },
  });
  const frames: Frame[] = [];
  let closed = 0;
  socket.on('message', (data: Buffer) => void frames.push(JSON.parse(data.toString()) as Frame));
  const gone = once(socket, 'close').then(([code]) => (closed = code as number));
  told.set(
    id,
    until(() => frames.some(({ type }) => type === 'statusChange'), CLEANED_WITHIN_MS),
  );
  return { frames, opened: once(socket, 'open'), gone, code: () => closed };
}

function makeOld(id: string): void {
  const db = new DatabaseSync(path.join(rig.root, 'data', 'gatehouse.db'), { timeout: 5_000 });
  db.prepare('UPDATE quick_sessions SET created_at = created_at - ? WHERE id = ?').run(2 * DAY_MS, id);
  db.close();
}
