import { spawnSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { runGroup } from '../../../src/lib/run-group.ts';
import { runProgram } from '../../../src/lib/run-program.ts';
import { writeHook } from '../../helpers/hook-files.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

const WAYS = [
  ['runProgram', (file: string, args: readonly string[]) => runProgram(file, args)],
  [
    'runGroup',
    (file: string, args: readonly string[]) =>
      runGroup(file, args, { env: {}, cwd: '/', timeoutMs: 20_000, isLeashed: false }),
  ],
] as const;

test.each(WAYS)('%s rejects for a program that is being written', async (_, run) => {
  using folder = createTempFolder();
  const file = writeHook(folder.path, 'program', 'exit');
  await using _writer = await open(file, 'a');
  await expect(run(file, [])).rejects.toMatchObject({ code: 'ETXTBSY' });
});

test.each(WAYS)('%s rejects for a program that is given too much', async (_, run) => {
  await expect(run('/bin/true', ['x'.repeat(4 * 2 ** 20)])).rejects.toMatchObject({ code: 'E2BIG' });
});

test('when there are too many open files, a program is not started, and that is told', () => {
  const program = `
    import { openSync } from 'node:fs';
    import { startProgram } from ${JSON.stringify(path.resolve('src/lib/start-program.ts'))};
    startProgram('/bin/true', [], {}, () => {})?.unref();
    try { for (;;) openSync('/dev/null'); } catch {}
    const child = startProgram('/bin/true', [], {}, ({ code }) => console.log(child, code));
  `;
  const script = 'ulimit -n 64; exec "$0" --input-type module-typescript -e "$1"';
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script, process.execPath, program], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['null EMFILE\n', '']);
});
