import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { writeHook } from '../../helpers/hook-files.ts';
import { isRunning } from '../../helpers/process-tree.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

test.each(['SIGINT', 'SIGTERM'] as const)('`hooks test` ends the hook with it at %s', async (signal) => {
  using folder = createTempFolder();
  writeHook(folder.path, 'slow.sh', 'echo $$ > pid; exec sleep 60');
  const args = [path.resolve('src/main.ts'), 'hooks', 'test', './slow.sh', '--event', 'post_session'];
  const command = spawn(process.execPath, args, { cwd: folder.path, env: { PATH: process.env['PATH'] ?? '' } });
  const exited = once(command, 'exit');
  const pid = path.join(folder.path, 'pid');
  await until(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '');
  command.kill(signal);
  expect(await exited).toEqual([1, null]);
  await until(() => !isRunning(Number(readFileSync(pid, 'utf8'))));
});
