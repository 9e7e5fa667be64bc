import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { toPins } from '../../../../../src/agents/claude/driver/pins.ts';
import { toSettings } from '../../../../../src/agents/claude/hooks/settings.ts';
import type { OtherSettings } from '../../../../../src/agents/program/files/other-settings.ts';

const others = (settings: object): readonly OtherSettings[] => [
  { file: '/w/.claude/settings.json', source: 'project', settings: { ...settings } },
];

test('lists of what is allowed are set where somebody set them, and only there', () => {
  expect(Object.keys(toPins([], 3010))).not.toContain('allowedHttpHookUrls');
  expect(toPins(others({ allowedHttpHookUrls: [], httpHookAllowedEnvVars: [] }), 3010)).toMatchObject({
    allowedHttpHookUrls: ['http://127.0.0.1:3010/*'],
    httpHookAllowedEnvVars: ['GATEHOUSE_HOOK_TOKEN'],
  });
});

test('docs/claude-code-settings.md says of each key that is set why it is', () => {
  const [, pinned = ''] =
    /## Pinned\n([\s\S]*?)## Free/.exec(readFileSync('docs/claude-code-settings.md', 'utf8')) ?? [];
  const documented = [...pinned.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key ?? '');
  const all = {
    ...toSettings(3010, [], 'bypassPermissions'),
    ...toPins(others({ allowedHttpHookUrls: [], httpHookAllowedEnvVars: [] }), 3010),
  };
  expect(documented.toSorted()).toEqual(Object.keys(all).toSorted());
});
