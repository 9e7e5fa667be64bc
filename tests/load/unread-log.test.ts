import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { createApiCall } from '../helpers/api-call.ts';
import { COMPILED } from '../helpers/compiled.ts';
import { findFreePort } from '../helpers/free-port.ts';
import { TEST_KEY, toEnvironment } from '../helpers/gateway-rig.ts';
import { createOwnTmux, tmuxSocketOf } from '../helpers/own-tmux.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import type { LivezLook, LivezProbe } from './livez-probe.ts';
import { quantile } from './turns.ts';

const REQUESTS = 5_000;
const AT_ONCE = 20;
const LIVEZ_MAX_MS = 100;

test(`npm start | sleep: /livez answers within ${LIVEZ_MAX_MS} ms throughout ${REQUESTS} requests`, async () => {
  using folder = createTempFolder();
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    HOME: folder.path,
    // Nothing is set up by a test.
    npm_config_ignore_scripts: 'true',
    NODE_COMPILE_CACHE: COMPILED,
    ...toEnvironment(folder.path, 'http://127.0.0.1:9'),
    HTTP_API_PORT: String(port),
    RATE_LIMIT_MAX: '0',
    LOG_LEVEL: 'info',
  };
  const shell = spawn('sh', ['-c', 'npm start | sleep 600'], { env, stdio: 'ignore', detached: true });
  const call = createApiCall(url, TEST_KEY);
  try {
    await until(async () => (await call('GET', '/readyz').catch(() => null))?.status === 200);
    const pid = Number(readFileSync(path.join(folder.path, 'data', 'gateway.pid'), 'utf8'));
    const workerData: LivezProbe = { url, pid, everyMs: 10 };
    const probe = new Worker(new URL('livez-probe.ts', import.meta.url), { workerData });
    for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => call('GET', '/sessions')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
    const told = Promise.all([once(probe, 'message'), once(probe, 'exit')]);
    probe.postMessage('stop');
    const [[looks]] = (await told) as [[readonly LivezLook[]], unknown];
    const took = looks.map(({ tookMs }) => tookMs);
    const own = looks.map(({ tookMs, queuedMs }) => tookMs - queuedMs);
    const say = (times: readonly number[]): string =>
      `p95 ${quantile(times, 0.95).toFixed(1)} ms, max ${quantile(times, 1).toFixed(1)} ms`;
    process.stdout.write(
      `\nlivez beside an unread log, ${looks.length} looks: ${say(took)}; without the queue for a processor: ${say(own)}\n`,
    );
    expect(looks.length).toBeGreaterThan(50);
    expect(quantile(own, 1)).toBeLessThan(LIVEZ_MAX_MS);
  } finally {
    const gone = once(shell, 'exit');
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
    await gone;
    await createOwnTmux(tmuxSocketOf(path.join(folder.path, 'data')), { PATH: process.env['PATH'] ?? '' }).killServer();
  }
}, 180_000);
