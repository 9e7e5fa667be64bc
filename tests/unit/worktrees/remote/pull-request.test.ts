import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openPullRequest, toForge, type PullRequest } from '../../../../src/worktrees/remote/pull-request.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

const never = new AbortController().signal;

describe('a forge is', () => {
  test.each([
    ['https://github.com/o/r.git', { host: 'github.com', path: 'o/r' }],
    ['https://user:word@GitHub.com/o/r', { host: 'github.com', path: 'o/r' }],
    ['git@github.com:o/r.git', { host: 'github.com', path: 'o/r' }],
    ['ssh://git@gitlab.example.org:2222/a/b/c.git', { host: 'gitlab.example.org', path: 'a/b/c' }],
  ])('named by %s', (url, forge) => expect(toForge(url)).toEqual(forge));

  test.each(['/srv/r.git', '../r', 'https://github.com/o', 'https://github.com/-o/r', 'https://-x/o/r', 'git@x:-o/r'])(
    'not named by %s',
    (url) => expect(toForge(url)).toBeNull(),
  );
});

describe('a draft pull request', () => {
  const request: PullRequest = {
    url: 'git@github.com:o/r.git',
    branch: 'quick/quick-1',
    into: 'main',
    title: '--help "me"',
    body: 'one\ntwo',
  };
  const open = async (script: string, change: Partial<PullRequest> = {}, program = 'gh') => {
    using folder = createTempFolder();
    const bin = join(folder.path, 'bin');
    mkdirSync(bin);
    const told = join(folder.path, 'told');
    writeFileSync(join(bin, program), `#!/bin/sh\nprintf '%s\\0' "$@" >${told}\n${script}\n`, { mode: 0o755 });
    const parts = { env: { PATH: `${bin}:/usr/bin:/bin` }, remote: { timeoutMs: 5_000, home: folder.path } };
    const opened = await openPullRequest(parts, { ...request, ...change }, never);
    return { opened, words: readFileSync(told, 'utf8').split('\0').slice(0, -1) };
  };

  test('is opened by gh, which is asked for nothing but that', async () => {
    const { opened, words } = await open('echo https://github.com/o/r/pull/7');
    expect(opened).toEqual({ link: 'https://github.com/o/r/pull/7', note: null });
    expect(words).toEqual([
      ...['pr', 'create', '--draft', '--repo=github.com/o/r', '--head=quick/quick-1', '--base=main'],
      ...['--title=--help "me"', '--body=one\ntwo'],
    ]);
  });

  test('is opened by glab at a GitLab', async () => {
    const url = 'https://gitlab.com/a/b/c.git';
    const { opened, words } = await open('echo; echo https://gitlab.com/a/b/c/-/merge_requests/3', { url }, 'glab');
    expect(opened).toEqual({ link: 'https://gitlab.com/a/b/c/-/merge_requests/3', note: null });
    expect(words).toContain('--repo=https://gitlab.com/a/b/c');
  });

  test('that is there already is the answer', async () => {
    const says = 'a pull request for branch "x" already exists:\nhttps://github.com/o/r/pull/7';
    const { opened } = await open(`echo '${says}' >&2; exit 1`);
    expect(opened.link).toBe('https://github.com/o/r/pull/7');
  });

  test('is never a link to somewhere else', async () => {
    const { opened } = await open('echo https://evil.example/o/r/pull/7');
    expect(opened.link).toBeNull();
  });

  test('that fails is a note without passwords', async () => {
    const { opened } = await open('echo "no way to https://me:word@github.com/x" >&2; exit 1');
    expect(opened).toEqual({ link: null, note: 'gh: no way to https://github.com/x' });
  });

  test('of which too much is said is a note', async () => {
    const { opened } = await open('yes');
    expect(opened).toEqual({ link: null, note: 'gh: it said too much' });
  });

  test('without the program is a note', async () => {
    const parts = { env: { PATH: '/nowhere' }, remote: { timeoutMs: 5_000, home: '/' } };
    expect(await openPullRequest(parts, request, never)).toEqual({ link: null, note: 'gh is not installed' });
    expect(await openPullRequest(parts, { ...request, url: '/srv/r' }, never)).toMatchObject({ link: null });
  });
});
