import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  isTested,
  TESTED_VERSIONS,
  toWarning,
  turnsOffMentions,
} from '../../../../../src/agents/program/versions/versions.ts';

test.each<[string | null, boolean]>([
  [null, false],
  ['2.1.197', false],
  ['2.1.331', false],
  ['2.1.332', true],
  ['2.1.1000', true],
  ['2.2.0', true],
  ['3.0.0', true],
])('mentions can be turned off in %s: %s', (version, expected) => {
  expect(turnsOffMentions(version)).toBe(expected);
});

test.each(TESTED_VERSIONS)('%s was tested', (version) => {
  expect([isTested(version), toWarning(version)]).toEqual([true, null]);
});

test.each<[string | null, RegExp]>([
  ['2.1.333', /^version_untested: Claude Code 2\.1\.333 was not tested \(tested: 2\.1\.197, 2\.1\.332\)$/],
  [null, /^version_unknown: /],
])('%s is warned of, by name', (version, warning) => {
  expect([isTested(version), toWarning(version)]).toEqual([false, expect.stringMatching(warning)]);
});

test('the last one is pinned', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  expect(dependencies['@anthropic-ai/claude-code']).toBe(TESTED_VERSIONS.at(-1));
});
