import { expect, test } from '@jest/globals';
import { findLists, findSilencing } from '../../../../../src/agents/program/files/silencing.ts';

const keys = (context: string, bindings: object) => [
  { file: '/k.json', source: 'keys' as const, settings: { bindings: [{ context, bindings }] } },
];

test.each<[string, string, object, readonly string[]]>([
  ['makes a line', 'Chat', { enter: 'chat:newline' }, ['enter']],
  ['does nothing', 'Chat', { Return: null }, ['Return']],
  ['begins a chord', 'Global', { 'enter x': 'chat:submit2' }, ['enter x']],
  ['sends', 'Chat', { enter: 'chat:submit' }, []],
  ['does something in a dialog', 'Confirmation', { enter: 'confirm:no' }, []],
  ['does something with Shift', 'Chat', { 'shift+enter': 'chat:newline' }, []],
])('Enter that %s', (_name, context, bindings, found) => {
  expect(findSilencing(keys(context, bindings)).map(({ key }) => key)).toEqual(found);
});

test.each([{ bindings: 'none' }, { bindings: [null, 1, { context: 'Chat' }] }, {}])('%j binds nothing', (settings) => {
  expect(findSilencing([{ file: '/k.json', source: 'keys', settings }])).toEqual([]);
});

test('a list of allowed things silences whoever is not in it; managed settings what they switch off', () => {
  const settings = { httpHookAllowedEnvVars: [], disableAllHooks: true };
  const at = (source: 'managed' | 'project') => [{ file: `/${source}.json`, source, settings }];
  expect(findLists(at('project'))).toMatchObject([{ key: 'httpHookAllowedEnvVars', file: '/project.json' }]);
  expect(findSilencing(at('project'))).toEqual([]);
  expect(findSilencing(at('managed'))).toMatchObject([{ key: 'disableAllHooks', file: '/managed.json' }]);
});
