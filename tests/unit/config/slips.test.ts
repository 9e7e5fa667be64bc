import { expect, test } from '@jest/globals';
import { VARIABLES } from '../../../src/config/env.ts';
import { findSlips } from '../../../src/config/slips.ts';

test.each([
  ['two letters that changed places', 'HTTP_API_PROT', 'HTTP_API_PORT'],
  ['one too few', 'QUEUE_MX', 'QUEUE_MAX'],
  ['one too many', 'RETENTION_DAYSS', 'RETENTION_DAYS'],
  ['a wrong one', 'LOG_LEVAL', 'LOG_LEVEL'],
  ['one too few at its begin', 'OG_LEVEL', 'LOG_LEVEL'],
])('a slip: %s', (_what, name, meant) => {
  expect(findSlips({ [name]: 'x' })).toEqual([{ name, meant }]);
});

test('settings, and names of others, are none', () => {
  const others = ['PATH', 'LOG', 'HTTP_PROXY', 'NO_COLOR', 'XDG_DATA_DIR', 'GATEHOUSE_API_KEY', 'ANTHROPIC_BASE_URL'];
  const env = Object.fromEntries([...Object.keys(VARIABLES), ...others].map((name) => [name, 'x']));
  expect(findSlips(env)).toEqual([]);
});
