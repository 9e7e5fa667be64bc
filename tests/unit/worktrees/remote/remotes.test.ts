import { describe, expect, test } from '@jest/globals';
import { toAddress, toFarProgram } from '../../../../src/worktrees/remote/remotes.ts';

describe('the address of a remote', () => {
  test.each([
    ['https://example.org/o/r.git', 'https', null],
    ['http://example.org/o/r.git', 'http:https', null],
    ['ssh://git@example.org:22/o/r.git', 'ssh', null],
    ['git@example.org:o/r.git', 'ssh', null],
    ['example.org:o/r', 'ssh', null],
    ['/srv/r.git', 'file', '/srv/r.git'],
    ['file:///srv/r.git', 'file', '/srv/r.git'],
    ['../r.git', 'file', '/repos/o/r.git'],
    ['./a:b', 'file', '/repos/o/x/a:b'],
  ])('%s is reached by %s', (url, protocols, folder) => {
    expect(toAddress(url, '/repos/o/x')).toEqual({ url: folder ?? url, protocols, folder });
  });

  test.each([
    ...['ext::sh -c x', 'ext::ssh://x', 'git://example.org/r', 'fd::3', 'x::y', 'ftp://example.org/r', 'planted://x/y'],
    ...['', '-x', '--upload-pack=x', 'https://x/\ny', 'a\0b'],
  ])('%j is none', (url) => {
    expect(toAddress(url, '/repos/o/x')).toBeNull();
  });
});

test('the program at the other end is git’s own; on this machine without hooks, whatever its folder is named', () => {
  expect(toFarProgram({ url: 'x', protocols: 'ssh', folder: null }, 'upload-pack')).toBe('git-upload-pack');
  const near = toFarProgram({ url: '/a', protocols: 'file', folder: `/a'; touch x '` }, 'receive-pack');
  expect(near).toContain(`-c 'core.hooksPath=/dev/null'`);
  expect(near).toContain(`'safe.directory=/a'\\''; touch x '\\'''`);
  expect(near.endsWith(' receive-pack')).toBe(true);
});
