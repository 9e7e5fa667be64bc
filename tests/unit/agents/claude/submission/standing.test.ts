import { expect, test } from '@jest/globals';
import { isTyping } from '../../../../../src/agents/claude/submission/standing.ts';
import { idle } from '../../../../helpers/scripted-screen.ts';

test.each([
  [null, false],
  [0, true],
  [9_999, true],
  [10_000, false],
])('a person whose last key was %j ms ago is typing: %j', (typedAgoMs, typing) => {
  expect(isTyping(idle('', typedAgoMs), 10_000)).toBe(typing);
});
