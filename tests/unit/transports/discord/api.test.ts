import { expect, test } from '@jest/globals';
import { toNonce } from '../../../../src/transports/discord/api.ts';

test('a nonce is the same for the same part of a delivery, another one for any other, and fits', () => {
  const nonces = ['msg_1', 'msg_11', 'msg_2'].flatMap((id) => [0, 1, 10].map((part) => toNonce(id, part)));
  expect(new Set(nonces).size).toBe(nonces.length);
  expect(toNonce('msg_1', 0)).toBe(nonces[0]);
  for (const nonce of nonces) expect(nonce.length).toBeLessThanOrEqual(25);
});
