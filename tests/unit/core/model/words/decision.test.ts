import { expect, test } from '@jest/globals';
import type { ApprovalRecord } from '../../../../../src/core/model/approval.ts';
import { sayDecision } from '../../../../../src/core/model/words/decision.ts';

test.each<[Partial<ApprovalRecord>, object | null, string]>([
  [{ state: 'allowed', decidedBy: 'api' }, { person: 'Ann', answers: { 'Which?': 'Blue' } }, 'Answered: Blue by Ann'],
  [{ state: 'allowed', decidedBy: 'api' }, { answers: { a: ['x', 'y'], b: 'z' } }, 'Answered: x, y; z over the API'],
  [{ state: 'allowed', decidedBy: 'api' }, { person: 'Ann', remember: true }, 'Allowed for this session by Ann'],
  [{ state: 'allowed', decidedBy: 'terminal' }, null, 'Allowed at the terminal'],
  [{ state: 'denied', decidedBy: 'api' }, { person: 'Ann' }, 'Denied by Ann'],
  [{ state: 'expired', decidedBy: 'turn_end' }, null, 'Expired: the turn ended first'],
  [{ state: 'expired', decidedBy: null }, null, 'Expired: nobody decided in time'],
  [{ state: 'open', decidedBy: null }, null, ''],
])('%j, decided as %j, is told as %j', (approval, decision, told) => {
  expect(sayDecision({ ...approval, decision } as ApprovalRecord)).toBe(told);
});
