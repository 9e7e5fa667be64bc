import { expect, test } from '@jest/globals';
import type { ApprovalRecord } from '../../../../../src/core/model/approval.ts';
import { sayDecision, sayElsewhere } from '../../../../../src/core/model/words/decision.ts';

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

test('where else it is answered is said only where no button answers it', () => {
  const say = (...styles: readonly ('allow' | 'deny' | 'plain')[]) => sayElsewhere(styles.map((style) => ({ style })));
  expect(say('deny')).toBe('It is answered over the API or at the terminal; here it can only be denied.');
  expect([say('allow', 'deny'), say('plain', 'deny')]).toEqual(['', '']);
});
