import { expect, test } from '@jest/globals';
import { hashJson, toCanonicalJson } from '../../../../../src/http/answers/json/canonical.ts';

test('the order of keys does not count, at any depth', () => {
  expect(toCanonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
  expect(hashJson({ a: 1, b: 2 })).toBe(hashJson({ b: 2, a: 1 }));
});

test('types, order of items and absent keys count', () => {
  const hashes = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}].map(hashJson);
  expect(new Set(hashes).size).toBe(hashes.length);
});
