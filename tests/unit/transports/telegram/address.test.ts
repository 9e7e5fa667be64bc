import { describe, expect, test } from '@jest/globals';
import {
  parseAddress,
  readPlace,
  toDeliveryPlace,
  toLink,
  toThreadId,
} from '../../../../src/transports/telegram/address.ts';

describe('an address', () => {
  test.each([
    ['telegram:-1001234567890:42', 'telegram:-1001234567890:42'],
    ['telegram:-1001234567890:1', 'telegram:-1001234567890'],
    ['telegram:-1001234567890:1001234567890', 'telegram:-1001234567890'],
    ['telegram:42:42', 'telegram:42'],
  ])('%s is the place %s', (address, place) => {
    expect(parseAddress(address, 'replyTo')).toBe(place);
  });

  test.each([
    [{ chat: '-1001234567890', thread: 42 }, true],
    [{ chat: '-1001234567890', thread: null }, true],
    [{ chat: '-1001234567890', thread: null }, false],
    [{ chat: '42', thread: null }, false],
  ])('of %j is found again by the ids of its thread', (place, isForum) => {
    const { address } = toDeliveryPlace(place.chat, toThreadId(place, isForum));
    expect(readPlace(address)).toEqual(place);
  });
});

test('topics of supergroups have a page, other chats have none', () => {
  expect(toLink({ chat: '-1001234567890', thread: 42 })).toBe('https://t.me/c/1234567890/42');
  expect(toLink({ chat: '-1001234567890', thread: null })).toBe('https://t.me/c/1234567890/1');
  expect([toLink({ chat: '42', thread: null }), toLink({ chat: '-5', thread: null })]).toEqual([null, null]);
});
