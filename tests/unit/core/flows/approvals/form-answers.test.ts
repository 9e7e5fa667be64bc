import { expect, test } from '@jest/globals';
import { toContent } from '../../../../../src/core/flows/approvals/form-answers.ts';
import type { Answers } from '../../../../../src/core/model/approval.ts';

const INPUT = {
  schema: {
    properties: {
      name: { type: 'string' },
      age: { type: 'integer' },
      sure: { type: 'boolean' },
      colour: { type: 'string', enum: ['red', 'blue'] },
      size: { type: 'string', oneOf: [{ const: 'S' }, { const: 'L' }] },
      tags: { type: 'array', items: { enum: ['a', 'b'] } },
    },
    required: ['name'],
  },
};

test.each<Answers>([
  { name: 'Ada' },
  { name: 'Ada', age: 36, sure: false, colour: 'blue', size: 'L', tags: ['a', 'b'] },
])('a form takes what fits its fields: %j', (answers) => {
  expect(toContent(INPUT, answers)).toEqual(answers);
});

test.each<[Answers, string]>([
  [{}, 'nothing for the field name'],
  [{ name: 7 }, 'of type string'],
  [{ name: 'Ada', age: 3.5 }, 'of type integer'],
  [{ name: 'Ada', sure: 'yes' }, 'of type boolean'],
  [{ name: 'Ada', colour: 'green' }, 'one of: red, blue'],
  [{ name: 'Ada', size: 'M' }, 'one of: S, L'],
  [{ name: 'Ada', tags: ['c'] }, 'one of: a, b'],
  [{ name: 'Ada', other: 'x' }, 'no field of the form: other'],
])('a form refuses %j', (answers, words) => {
  expect(() => toContent(INPUT, answers)).toThrow(words);
});

test('a form that sends to an address has no fields', () => {
  expect(toContent({ schema: {}, url: 'https://example.com' }, {})).toEqual({});
});
