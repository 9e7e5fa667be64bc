import { describe, expect, test } from '@jest/globals';
import { parsePress, toButtons } from '../../../../src/core/model/chat.ts';
import { OPEN_APPROVAL as TOOL } from '../../../helpers/examples.ts';

const ID = 'apr-mjv3k2a0-4f6Qm8Zr4f6Qm8Zr';
const question = (labels: readonly string[], multiSelect = false) => ({
  questions: [
    { question: 'Which?', header: 'W', multiSelect, options: labels.map((label) => ({ label, description: '' })) },
  ],
});

describe('the buttons of an approval', () => {
  test('of a tool allow, deny, and allow for the session where the agent offers it', () => {
    const labels = (rules: readonly object[]) =>
      toButtons({ ...TOOL, id: ID, rules: rules as typeof TOOL.rules }).map(({ label }) => label);
    expect(labels([])).toEqual(['Allow', 'Deny']);
    expect(labels([{}])).toEqual(['Allow', 'Deny', 'Allow for this session']);
  });

  test('of a question are its options; several answers are given elsewhere', () => {
    const of = (input: object) => toButtons({ ...TOOL, id: ID, kind: 'question', input: { ...input } });
    expect(of(question(['Red', 'Blue'])).map(({ label }) => label)).toEqual(['Red', 'Blue', 'Deny']);
    expect(of(question(['Red'], true)).map(({ label }) => label)).toEqual(['Deny']);
  });

  test.each(['tool', 'plan', 'question', 'form', 'dialog'] as const)(
    'of a %s say what they say when pressed',
    (kind) => {
      for (const { data } of toButtons({ ...TOOL, id: ID, kind, input: question(['Red', 'Blue']), rules: [{}] })) {
        expect(new TextEncoder().encode(data).length).toBeLessThanOrEqual(64);
        expect(parsePress(data)).toMatchObject({ approvalId: ID });
      }
    },
  );

  test.each(['', 'a', 'a:', 'z:apr-1', `o100:${ID}`, `a:${'x'.repeat(61)}`, 'a:apr 1'])(
    '%j is no press of one',
    (data) => {
      expect(parsePress(data)).toBeNull();
    },
  );
});
