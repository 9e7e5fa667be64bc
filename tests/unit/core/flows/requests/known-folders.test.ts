import { expect, test } from '@jest/globals';
import { createKnownFolders } from '../../../../../src/core/flows/requests/known-folders.ts';
import { createFakeClock } from '../../../../helpers/fake-clock.ts';

function createLooks() {
  const looked: string[] = [];
  let isBroken = false;
  const workspaces = {
    ensure: async (workspace: string) => {
      looked.push(workspace);
      if (isBroken) throw new Error('no folder');
      return `/workspaces/${workspace}`;
    },
    locate: async () => '',
    check: async () => {},
  };
  return { looked, workspaces, breakAll: (broken: boolean) => (isBroken = broken) };
}

test('a folder is looked at once a second, however many ask', async () => {
  const { looked, workspaces } = createLooks();
  const clock = createFakeClock();
  const folders = createKnownFolders({ workspaces, clock });
  for (const workspace of ['a', 'a', 'b', 'a']) await folders.ensure(workspace);
  expect(looked).toEqual(['a', 'b']);
  clock.advance(999);
  await folders.ensure('a');
  expect(looked).toEqual(['a', 'b']);
  clock.advance(1);
  await folders.ensure('a');
  expect(looked).toEqual(['a', 'b', 'a']);
});

test('one that cannot be there is not taken for known', async () => {
  const { looked, workspaces, breakAll } = createLooks();
  const folders = createKnownFolders({ workspaces, clock: createFakeClock() });
  breakAll(true);
  await expect(folders.ensure('a')).rejects.toThrow('no folder');
  breakAll(false);
  await folders.ensure('a');
  expect(looked).toEqual(['a', 'a']);
});
