import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createApiCall } from '../helpers/api-call.ts';
import { COMPILED } from '../helpers/compiled.ts';
import { findFreePort } from '../helpers/free-port.ts';
import { TEST_KEY, toEnvironment } from '../helpers/gateway-rig.ts';
import { createOwnTmux, tmuxSocketOf } from '../helpers/own-tmux.ts';
import { isRunning } from '../helpers/process-tree.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const DRAIN_MS = 4_000;

test('A17: npm start whose log nobody reads answers, and ends at SIGTERM within DRAIN_TIMEOUT_MS', async () => {
  using folder = createTempFolder();
  const port = await findFreePort();
  const env = {
    PATH: process.env['PATH'],
    HOME: folder.path,
    // Nothing is set up by a test.
    npm_config_ignore_scripts: 'true',
    NODE_COMPILE_CACHE: COMPILED,
    ...toEnvironment(folder.path, 'http://127.0.0.1:9'),
    HTTP_API_PORT: String(port),
    LOG_LEVEL: 'info',
    DRAIN_TIMEOUT_MS: String(DRAIN_MS),
  };
  const shell = spawn('sh', ['-c', 'npm start | sleep 600'], { env, stdio: 'ignore', detached: true });
  const call = createApiCall(`http://127.0.0.1:${port}`, TEST_KEY);
  try {
    await until(async () => (await call('GET', '/readyz').catch(() => null))?.status === 200);
    const pid = Number(readFileSync(path.join(folder.path, 'data', 'gateway.pid'), 'utf8'));
    // Some ten times what a pipe holds.
    for (let sent = 0; sent < 1_500; sent += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => call('GET', '/sessions')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
    const askedAt = performance.now();
    process.kill(pid, 'SIGTERM');
    await until(() => !isRunning(pid));
    // A slow machine has its own time for the rest.
    expect(performance.now() - askedAt).toBeLessThan(2 * DRAIN_MS);
  } finally {
    const gone = once(shell, 'exit');
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
    await gone;
    // It outlives its gateway on purpose.
    await createOwnTmux(tmuxSocketOf(path.join(folder.path, 'data')), { PATH: process.env['PATH'] ?? '' }).killServer();
  }
});
