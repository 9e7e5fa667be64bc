import { expect, test } from '@jest/globals';
import { FAMILIES, parseArguments, USAGE, type Wish } from '../../../bench/arguments.ts';

test.each<[readonly string[], Wish]>([
  [[], { kind: 'run', families: FAMILIES, json: null }],
  [['idle', 'turns'], { kind: 'run', families: ['idle', 'turns'], json: null }],
  [['--json', 'a.json', 'idle'], { kind: 'run', families: ['idle'], json: 'a.json' }],
  [['idle', '--help'], { kind: 'help' }],
  [['--json'], { kind: 'misuse', problem: '--json needs the name of a file' }],
  [
    ['idel'],
    { kind: 'misuse', problem: 'idel is none of accepts, turns, quick, stored, deliveries, hooks, crowd, idle' },
  ],
])('%j is understood', (argv, wish) => {
  expect(parseArguments(argv)).toEqual(wish);
});

test('the usage tells of every family', () => {
  expect(FAMILIES.filter((family) => !USAGE.includes(`\n  ${family} `))).toEqual([]);
});
