import { expect, test } from '@jest/globals';
import type { OtherSettings } from '../../../../../src/agents/program/files/other-settings.ts';
import { createEarshot } from '../../../../../src/agents/claude/submission/earshot.ts';

const LIST = { allowedHttpHookUrls: ['https://hooks.example.com/*'] };

function earshot(lists: readonly string[] | null) {
  const others: OtherSettings[] = [];
  const prove = createEarshot({ readOtherSettings: async () => others }, '/w', lists);
  return {
    prove,
    put: (settings: object, source: OtherSettings['source'] = 'project') =>
      void others.push({ file: `/${source}.json`, source, settings: { ...settings } }),
  };
}

test('what silences an agent and comes while it lives is named with its file', async () => {
  const { prove, put } = earshot([]);
  await prove();
  put(LIST);
  await expect(prove()).rejects.toThrow('allowedHttpHookUrls in /project.json');
});

test('what stood there at its start is in its own settings, too', async () => {
  const { prove, put } = earshot(['allowedHttpHookUrls']);
  put(LIST);
  await prove();
  put({ ...LIST, theme: 'dark' }, 'local');
  await expect(prove()).resolves.toBeUndefined();
});

test('what came between its start and its first prompt silences it', async () => {
  const { prove, put } = earshot([]);
  put(LIST);
  await expect(prove()).rejects.toThrow('allowedHttpHookUrls in /project.json');
});

test('what stands there at the first prompt is taken for that when nobody knows', async () => {
  const { prove, put } = earshot(null);
  put(LIST);
  await expect(prove()).resolves.toBeUndefined();
});

test('what managed settings switch off is named', async () => {
  const { prove, put } = earshot([]);
  put({ disableAllHooks: false }, 'managed');
  await prove();
  put({ disableAllHooks: true }, 'managed');
  await expect(prove()).rejects.toThrow('disableAllHooks in /managed.json');
});
