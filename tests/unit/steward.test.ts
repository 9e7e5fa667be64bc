import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTempFolder } from '../helpers/temp-folder.ts';

test.each(['WORKSPACES_ROOT', 'AGENT_HOME'])('a steward that cannot use %s says so in one line', (variable) => {
  using folder = createTempFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, '');
  const env = {
    PATH: process.env['PATH'],
    WORKSPACES_ROOT: join(folder.path, 'workspaces'),
    AGENT_HOME: join(folder.path, 'home'),
    STEWARD_SOCKET: join(folder.path, 'steward'),
    [variable]: file,
  };
  const { status, stderr } = spawnSync(process.execPath, ['src/steward.ts'], { encoding: 'utf8', env });
  expect(stderr).toBe(`${variable}: ${file} is not a folder that this user can write: repair it or choose another\n`);
  expect(status).toBe(1);
});
