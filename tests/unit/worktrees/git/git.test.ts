import { describe, expect, test } from '@jest/globals';
import type { GroupResult } from '../../../../src/lib/run-group.ts';
import { toReason } from '../../../../src/worktrees/git/git.ts';

describe('why git failed is told', () => {
  const tell = (result: Partial<GroupResult>): string =>
    toReason({ code: 128, ended: 'itself', stdout: Buffer.alloc(0), stderr: '', ...result });

  test.each<readonly [string, Partial<GroupResult>]>([
    ['it took too long, and was ended', { ended: 'late', code: null, stderr: 'fatal: x' }],
    ['it said too much, and was ended', { ended: 'full', code: null, stderr: 'fatal: x' }],
    ['fatal: no such thing; error: nor this', { stderr: 'hint: look\nfatal: no such thing\nerror: nor this\n' }],
    ['only a hint', { stderr: 'only a hint\n' }],
    ['fatal: https://host/o/r is gone', { stderr: 'fatal: https://me:word@host/o/r is gone' }],
    ['it ended with 128', {}],
    ['it ended with a signal', { code: null }],
  ])('%s', (told, result) => expect(tell(result)).toBe(told));
});
