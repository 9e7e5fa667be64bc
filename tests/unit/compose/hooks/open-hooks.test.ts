import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openHooks } from '../../../../src/compose/hooks/open-hooks.ts';
import { writeHook } from '../../../helpers/hook-files.ts';
import { createKeptLog } from '../../../helpers/kept-log.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

test('HOOKS_FILE is read again one time after the other, also when one is wrong', async () => {
  using folder = createTempFolder();
  await using opened = new AsyncDisposableStack();
  const file = path.join(folder.path, 'hooks.json');
  const write = (...refs: readonly string[]): Promise<void> =>
    writeFile(file, JSON.stringify({ hooks: refs.map((ref) => ({ ref, events: ['pre_session'] })) }));
  for (const name of ['first', 'second']) writeHook(folder.path, name, '');
  await write('first');

  const log = createKeptLog();
  const steps: string[] = [];
  const store = {
    async setHooks() {
      steps.push(`begun after ${log.of('hooks.loaded').length}`);
      // Longer than another one would read.
      for (let look = 0; look < 20; look += 1) await readFile(file);
    },
  };
  const { hooks, reload } = await openHooks({ config: { hooks: { file, socket: null } }, store, log, opened });
  await Promise.all([reload(), reload()]);
  expect(steps).toEqual(['begun after 0', 'begun after 1', 'begun after 2']);

  await write('missing');
  await reload();
  expect(log.of('hooks.refused')).toHaveLength(1);
  await write('second');
  await reload();
  expect(hooks.list().map(({ name }) => name)).toEqual(['second']);
});
