import { describe, expect, test } from '@jest/globals';
import { createKeyAge, isSince, laterKey } from '../../../../../src/agents/claude/screen/key-times.ts';

const HOUR_MS = 3_600_000;
const NOW = 1_800_000_000_000;
/** Of one that was pressed before the clock was set back by an hour. */
const AHEAD = NOW + HOUR_MS;

describe('a key', () => {
  test.each([
    ['none', null, NOW, false],
    ['one in that second', NOW - 1_000, NOW - 500, true],
    ['one of the second before', NOW - 2_000, NOW - 500, false],
    ['one before the clock was set back, and an instant behind that', AHEAD, NOW - 5_000, false],
    ['one behind that, and an instant before it', NOW - 1_000, AHEAD, true],
    ['both before it, the key first', AHEAD - 2_000, AHEAD, false],
    ['both before it, the key last', AHEAD, AHEAD - 2_000, true],
  ])('was pressed since an instant or not: %s', (_which, keyAt, since, expected) => {
    expect(isSince(keyAt, since, NOW)).toBe(expected);
  });

  test.each([
    ['none', null, null, null],
    ['one', null, NOW, NOW],
    ['two', NOW - 1_000, NOW, NOW],
    ['one before the clock was set back, one behind that', AHEAD, NOW, NOW],
    ['two before that', AHEAD, AHEAD - 1_000, AHEAD],
  ])('is the later one, of %s', (_which, one, other, expected) => {
    expect(laterKey(one, other, NOW)).toBe(expected);
    expect(laterKey(other, one, NOW)).toBe(expected);
  });
});

describe('how long ago a key was pressed', () => {
  test.each([HOUR_MS, -HOUR_MS])('goes on as time passes, where the clock is set by %d ms', (byMs) => {
    let [now, passed] = [NOW, 0];
    const ageOf = createKeyAge(
      () => now,
      () => passed,
    );
    const typedAt = NOW - 2_000;
    expect(ageOf(typedAt)).toBe(2_000);
    now += byMs;
    passed += 10_000;
    expect(ageOf(typedAt)).toBe(12_000);
    now += 1_000;
    passed += 1_000;
    expect(ageOf(now - 500)).toBe(500);
    expect(ageOf(null)).toBeNull();
  });

  test('is nothing at first for one that lies ahead, and does not stay so', () => {
    let passed = 0;
    const ageOf = createKeyAge(
      () => NOW,
      () => passed,
    );
    expect(ageOf(AHEAD)).toBe(0);
    passed += 60_000;
    expect(ageOf(AHEAD)).toBe(60_000);
  });
});
