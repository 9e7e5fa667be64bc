import { describe, expect, test } from '@jest/globals';
import { toOutcome } from '../../../../src/hooks/words/answer.ts';

const said = (text: string) => toOutcome({ kind: 'done', text, complaint: '' });
const NOTHING = { allow: true, reason: null, silent: false, metadata: {}, ask: null };

describe('what a hook says', () => {
  test.each([
    ['', {}],
    ['  \n', {}],
    ['{}', {}],
    ['null', {}],
    ['{"allow": true, "reason": null, "silent": null, "metadata": null, "ask": null}', {}],
    ['{"allow": null}', {}],
    ['{"allow": false, "metadata": null}', { allow: false }],
    ['{"allow": false, "reason": "no", "silent": true}\n', { allow: false, reason: 'no', silent: true }],
    ['{"metadata": {"a": [1]}, "more": 1}', { metadata: { a: [1] } }],
    ['{"ask": "May it?"}', { ask: 'May it?' }],
    ['{"ask": "  "}', {}],
  ])('%j is its word', (text, expected) => {
    expect(said(text)).toEqual({ kind: 'said', answer: { ...NOTHING, ...expected } });
  });

  test.each([
    ['garbage', 'printed what is no JSON'],
    ['{"allow": true} and more', 'printed what is no JSON'],
    ['[]', 'printed JSON that is no object'],
    ['true', 'printed JSON that is no object'],
    ['{"allow": "no"}', 'said allow in a wrong type'],
    ['{"allow": 0}', 'said allow in a wrong type'],
    ['{"reason": ["no"]}', 'said reason in a wrong type'],
    ['{"silent": "yes"}', 'said silent in a wrong type'],
    ['{"metadata": []}', 'said metadata in a wrong type'],
    ['{"metadata": "x"}', 'said metadata in a wrong type'],
    ['{"ask": true}', 'said ask in a wrong type'],
  ])('%j is a failure', (text, why) => {
    expect(said(text)).toEqual({ kind: 'failed', why, complaint: '' });
  });
});
