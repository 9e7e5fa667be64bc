import { expect, test } from '@jest/globals';
import type { ApprovalRecord } from '../../../../../src/core/model/approval.ts';
import { toWholeInput } from '../../../../../src/core/model/words/asked-input.ts';
import { anApproval } from '../../../../helpers/telegram-server/telegram-bench.ts';

const LONG = { command: 'x'.repeat(81) };
const questions = [{ question: 'y'.repeat(90), options: [] }];

test.each<[string, Partial<ApprovalRecord>, object | null]>([
  ['that does not fit', { input: LONG }, { text: LONG.command, fileName: 'command.txt' }],
  ['that fits', { input: { command: 'x'.repeat(80) } }, null],
  [
    'of a hook, whose words get the half',
    { kind: 'hook', input: { prompt: 'x'.repeat(41) } },
    { fileName: 'prompt.txt' },
  ],
  ['that is decided', { input: LONG, state: 'denied' }, null],
  ['that is asked in questions', { kind: 'question', input: { questions } }, null],
  ['of a question without its form', { kind: 'question', input: LONG }, { fileName: 'command.txt' }],
])('what is asked %s is a file where it is needed', (_name, more, whole) => {
  const given = toWholeInput(anApproval(more), 80);
  if (whole === null) expect(given).toBeNull();
  else expect(given).toMatchObject(whole);
});
