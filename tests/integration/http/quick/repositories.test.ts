import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createRepositoryRig, findLeftOvers, type RepositoryRig } from '../../../helpers/repository-rig.ts';
import { openQuickServer } from './quick-rig.ts';

const NO_NAMES = [
  '../repo',
  'owner/..',
  'owner/../repo',
  '../../owner/repo',
  '/etc/passwd',
  '/owner/repo',
  'owner/repo/',
  'owner//repo',
  'owner/my repo',
  'my owner/repo',
  ' owner/repo',
  '-owner/repo',
  'owner/-repo',
  'owner/--upload-pack=true',
  'owner/.git',
  'owner/repo\n',
  'owner/repo\0',
  'owner\\repo',
  'owner/%2e%2e',
  'owner',
  '',
];

/** With real git behind the routes. */
describe('POST /quick/sessions/start', () => {
  let rig: RepositoryRig;
  /** The one that nothing is wrong with. */
  let sound: string;

  beforeEach(() => {
    rig = createRepositoryRig();
    sound = rig.create('owner/repo');
  });
  afterEach(() => rig[Symbol.dispose]());

  test('refuses with 400 what is no owner/name, also where something is there', async () => {
    rig.create('owner/my repo');
    await refuses(NO_NAMES, 400, 'invalid_field');
  });

  test('refuses a link out of the root with 400: of the repository, of its owner, of its .git', async () => {
    const away = rig.at('away');
    rig.create('away/repo');
    renameSync(rig.at('repos', 'away'), away);
    symlinkSync(path.join(away, 'repo'), rig.at('repos', 'owner', 'link'));
    symlinkSync(away, rig.at('repos', 'linked'));
    mkdirSync(rig.at('repos', 'owner', 'inner'));
    symlinkSync(path.join(away, 'repo', '.git'), rig.at('repos', 'owner', 'inner', '.git'));
    await refuses(['owner/link', 'linked/repo', 'owner/inner'], 400, 'repository_outside');
    expect(findLeftOvers(rig, path.join(away, 'repo'))).toEqual([]);
  });

  test('refuses a .git that is a file and leads elsewhere with 400', async () => {
    rig.create('away/repo');
    renameSync(rig.at('repos', 'away'), rig.at('away'));
    mkdirSync(rig.at('repos', 'owner', 'file'));
    writeFileSync(rig.at('repos', 'owner', 'file', '.git'), `gitdir: ${rig.at('away', 'repo', '.git')}\n`);
    await refuses(['owner/file'], 400, 'repository_outside');
    expect(findLeftOvers(rig, rig.at('away', 'repo'))).toEqual([]);
  });

  test('refuses a worktree of another repository with 400', async () => {
    rig.git(sound, 'worktree', 'add', '--quiet', rig.at('repos', 'owner', 'tree'));
    await refuses(['owner/tree'], 400, 'repository_outside', ['worktrees/tree']);
  });

  test('knows no repository that is not there: 404', async () => {
    await refuses(['owner/none', 'none/repo'], 404, 'repository_not_found');
  });

  test('cannot use what is no repository, has no commit, or is there twice: 409', async () => {
    mkdirSync(rig.at('repos', 'owner', 'folder'));
    rig.create('owner/empty', { isEmpty: true });
    rig.create('owner/twice');
    rig.git(rig.repos, 'clone', '--quiet', '--bare', 'owner/twice', 'owner/twice.git');
    await refuses(['owner/folder', 'owner/empty', 'owner/twice'], 409, 'not_a_repository');
    expect(findLeftOvers(rig, rig.at('repos', 'owner', 'empty'))).toEqual([]);
  });

  test('makes nothing where the disk has no room: 507', async () => {
    await using server = await openQuickServer(rig.open({ reserveBytes: Number.MAX_SAFE_INTEGER }));
    const refused = await server.call('POST', '/quick/sessions/start', { json: { repo: 'owner/repo' } });
    expect([refused.status, refused.body.code]).toEqual([507, 'no_space']);
    expect(await server.house.store.listQuick()).toEqual([]);
    expect(findLeftOvers(rig, sound)).toEqual([]);
  });

  /** Each is a problem and leaves nothing, and a start of the sound repository behind them works. `others`: what of its
   *  entries was there before. */
  async function refuses(
    repos: readonly string[],
    status: number,
    code: string,
    others: readonly string[] = [],
  ): Promise<void> {
    await using server = await openQuickServer(rig.worktrees);
    for (const repo of repos) {
      const refused = await server.call('POST', '/quick/sessions/start', { json: { repo } });
      const type = refused.headers.get('content-type')?.split(';')[0];
      expect([repo, refused.status, refused.body.code, type]).toEqual([repo, status, code, 'application/problem+json']);
    }
    expect((await server.call('GET', '/quick/sessions')).body).toEqual([]);
    expect(await server.house.store.listQuick()).toEqual([]);
    expect(readdirSync(rig.roots)).toEqual([]);
    expect(findLeftOvers(rig, sound).filter((left) => !others.some((one) => left.startsWith(one)))).toEqual([]);
    const begun = await server.call('POST', '/quick/sessions/start', { json: { repo: 'owner/repo' } });
    expect(begun.status).toBe(201);
    expect((await server.call('DELETE', `/quick/sessions/${begun.body.id}`)).status).toBe(204);
  }
});
