import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { down } from '../../../src/cli/down.ts';
import { createFakeTerminal } from '../../helpers/fake-terminal.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

test('down signals nobody for the pid that a crashed gateway left behind', async () => {
  using folder = createTempFolder();
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  const gone = new Promise((resolve) => stranger.once('exit', resolve));
  try {
    writeFileSync(path.join(folder.path, 'gateway.pid'), `${stranger.pid}\n`);
    const terminal = createFakeTerminal({ env: { DATA_DIR: folder.path, PATH: process.env['PATH'] ?? '' } });
    expect(await down(terminal)).toBe(0);
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
  } finally {
    stranger.kill();
    await gone;
  }
});
