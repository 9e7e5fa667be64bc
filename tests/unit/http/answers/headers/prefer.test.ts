import { expect, test } from '@jest/globals';
import { parseWait } from '../../../../../src/http/answers/headers/prefer.ts';

test.each([
  ['wait=10', 10],
  ['WAIT = 10', 10],
  ['wait="10"', 10],
  ['respond-async, wait=10; foo=bar', 10],
  ['wait=10, wait=20', 10],
  ['wait=0', 0],
  ['wait=61', 60],
  ['wait=999999999', 60],
])('%j asks for %i seconds', (prefer, seconds) => {
  expect(parseWait(prefer)).toBe(seconds);
});

test.each([undefined, '', 'wait', 'wait=', 'wait=-1', 'wait=1.5', 'wait=1e3', 'await=5', 'wait=9999999999'])(
  '%j asks for nothing',
  (prefer) => {
    expect(parseWait(prefer)).toBeNull();
  },
);
