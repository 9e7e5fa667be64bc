import { expect, test } from '@jest/globals';
import { nextPart } from '../../../../src/transports/chat/next-part.ts';

const send = async (part: string): Promise<string> => `id of ${part}`;

test.each([
  [['a', 'b'], [], { kind: 'part', messages: ['id of a'] }],
  [['a', 'b'], ['1'], { kind: 'sent', messages: ['1', 'id of b'] }],
  [['a', 'b'], ['1', '2'], { kind: 'sent', messages: ['1', '2'] }],
  [[], [], { kind: 'sent', messages: [] }],
])('of %j, of which %j are there, one more is sent', async (parts, messages, told) => {
  expect(await nextPart<string>(parts, messages, send)).toEqual(told);
});
