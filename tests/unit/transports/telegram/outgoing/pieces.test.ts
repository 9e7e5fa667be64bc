import { expect, test } from '@jest/globals';
import { join, markAgain } from '../../../../../src/transports/telegram/outgoing/pieces.ts';

test('parts are joined, and no look covers the blanks around its words', () => {
  expect(join([{ text: ' a \n', as: 'bold' }, { text: 'b' }, { text: '  ', as: 'code' }])).toEqual({
    text: ' a \nb  ',
    entities: [{ type: 'bold', offset: 1, length: 1 }],
  });
});

test('a repeat is marked, and its looks move behind the mark', () => {
  expect(markAgain({ text: 'hi', entities: [{ type: 'bold', offset: 0, length: 2 }] })).toEqual({
    text: '(again) hi',
    entities: [{ type: 'bold', offset: 8, length: 2 }],
  });
});
