import { describe, expect, test } from '@jest/globals';
import { chooseAddressee } from '../../../../../src/core/flows/requests/addressee.ts';
import { createMemoryTransport } from '../../../../helpers/memory-transport.ts';

const withNetworks = (...names: readonly string[]) => ({
  transports: new Map(['memory', ...names].map((name) => [name, createMemoryTransport({}, name)])),
});

describe('who is told', () => {
  test.each([
    ['an address', 'telegram:-100:7', 'telegram:-100:7'],
    ['a bare id', '-100', 'discord:-100'],
    ['a bare id with a topic', '-100:7', 'discord:-100:7'],
  ])('%s in replyTo and in chatId is one', (_name, given, address) => {
    const parts = withNetworks(...(given.startsWith('telegram') ? ['telegram'] : ['discord']));
    expect(chooseAddressee(parts, { replyTo: given })).toBe(address);
    expect(chooseAddressee(parts, { chatId: given })).toBe(address);
  });

  test('a bare id is of Telegram where both are configured', () => {
    expect(chooseAddressee(withNetworks('discord', 'telegram'), { replyTo: '5' })).toBe('telegram:5');
  });

  test.each(['replyTo', 'chatId'])('%s of a network that is not configured is refused, and named', (field) => {
    const choose = () => chooseAddressee(withNetworks('discord'), { [field]: 'telegram:5' });
    expect(choose).toThrow(expect.objectContaining({ code: 'invalid_field', field }));
    expect(choose).toThrow('telegram is not configured');
  });

  test.each(['signal:5', '5', 'nightly'])('%s is no address', (replyTo) => {
    expect(() => chooseAddressee(withNetworks(), { replyTo })).toThrow(expect.objectContaining({ field: 'replyTo' }));
  });

  test('a chatId that is no place is a name that means nothing to us', () => {
    const parts = withNetworks('telegram');
    for (const chatId of ['nightly-build', 'telegram', 'a:5', '5:6:7'])
      expect(chooseAddressee(parts, { chatId })).toBeNull();
    expect(chooseAddressee(withNetworks(), { chatId: '5' })).toBeNull();
  });

  test('replyTo goes before chatId', () => {
    const both = { replyTo: 'memory:a', chatId: 'telegram:5' };
    expect(chooseAddressee(withNetworks('telegram'), both)).toBe('memory:a');
    expect(chooseAddressee(withNetworks(), {})).toBeNull();
  });
});
