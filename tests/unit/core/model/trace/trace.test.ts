import { describe, expect, test } from '@jest/globals';
import { parseTraceparent, toTraceparent } from '../../../../../src/core/model/trace/trace.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('a traceparent', () => {
  test('is read, and written as it was', () => {
    const parts = parseTraceparent(`00-${TRACE}-${SPAN}-01`);
    expect(parts).toEqual({ traceId: TRACE, spanId: SPAN, isSampled: true });
    expect(parts && toTraceparent(parts)).toBe(`00-${TRACE}-${SPAN}-01`);
  });

  test('says whether it is sampled by its last bit alone', () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.isSampled).toBe(false);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-03`)?.isSampled).toBe(true);
  });

  test('of a later version may say more', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-more`)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled: true });
  });

  test.each([
    '',
    'anything',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
  ])('%j is none', (text) => {
    expect(parseTraceparent(text)).toBeNull();
  });
});
