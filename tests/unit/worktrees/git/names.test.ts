import { describe, expect, test } from '@jest/globals';
import { parseRepositoryName, toBranch, toSession } from '../../../../src/worktrees/git/names.ts';

describe('the name of a repository', () => {
  test('is an owner and a name; one .git at its end is left out', () => {
    expect(parseRepositoryName('o/r')).toEqual({ owner: 'o', name: 'r' });
    expect(parseRepositoryName('An_owner-1.x/a.b_c-D.git')).toEqual({ owner: 'An_owner-1.x', name: 'a.b_c-D' });
  });

  test.each([
    ...[
      '',
      '/',
      'o',
      'o/',
      '/r',
      'o/r/',
      'o//r',
      'o/r/x',
      '/o/r',
      './r',
      '../r',
      'o/..',
      'o/.',
      '.o/r',
      'o/.r',
      '-o/r',
      'o/-r',
    ],
    ...[
      'o /r',
      'o/r ',
      'o/r\n',
      'o/\tr',
      'o/r\0',
      'o\\r/x',
      'o/r;x',
      'o/$r',
      'ö/r',
      'o/r.git.git',
      'o/.git',
      'o/r.lock',
    ],
    `o/${'r'.repeat(101)}`,
  ])('is not %j', (repo) => {
    expect(() => parseRepositoryName(repo)).toThrow(expect.objectContaining({ code: 'invalid_field', field: 'repo' }));
  });
});

test('the branch of a session names it, and no other branch does', () => {
  expect(toSession(toBranch('quick-17'))).toBe('quick-17');
  for (const branch of ['quick/mine', 'quick-17', 'x/quick-17', 'quick/quick-17-detached', 'quick/quick-'])
    expect(toSession(branch)).toBeNull();
});
