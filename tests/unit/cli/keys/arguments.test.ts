import { expect, test } from '@jest/globals';
import { parseKeys } from '../../../../src/cli/keys/arguments.ts';

test.each([
  ['list', { verb: 'list' }],
  ['revoke 6f1c', { verb: 'revoke', id: '6f1c' }],
  ['rotate 6f1c', { verb: 'rotate', id: '6f1c' }],
  [
    'create jobs --scope execute --scope read --workspace web-* --active 5 --turns 9 --cost 1.5 --rate 7',
    {
      verb: 'create',
      body: {
        ...{ name: 'jobs', scopes: ['execute', 'read'], workspaces: ['web-*'], activeMax: 5, dailyTurnsMax: 9 },
        ...{ dailyCostMicroUsdMax: 1_500_000, rateLimitMax: 7 },
      },
    },
  ],
  [
    'create jobs --scope read --expires 2027-01-31',
    { verb: 'create', body: { name: 'jobs', scopes: ['read'], expiresAt: Date.UTC(2027, 0, 31) } },
  ],
])('keys %s', (words, wish) => {
  expect(parseKeys(words.split(' '))).toEqual({ kind: 'keys', wish, url: null });
});

test('a gateway elsewhere is named', () => {
  expect(parseKeys(['list', '--url', 'https://h/'])).toMatchObject({ url: 'https://h' });
});

test.each([
  ['', /create, list, rotate or revoke/],
  ['steal', /create, list, rotate or revoke/],
  ['create', /a name and a --scope/],
  ['create jobs', /a name and a --scope/],
  ['create jobs --scope read --turns many', /--turns needs a number/],
  ['create jobs --scope read --expires soon', /--expires needs a date/],
  ['revoke', /needs the id/],
  ['revoke a b', /does not know b/],
  ['list all', /takes no arguments/],
  ['list --url h', /--url needs/],
  ['list --force', /force/],
])('keys %s is a misuse', (words, problem) => {
  expect(parseKeys(words.split(' ').filter(Boolean))).toMatch(problem);
});
