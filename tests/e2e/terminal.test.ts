import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findRunning } from '../../src/compose/instance.ts';
import { runProgram } from '../../src/lib/run-program.ts';
import { TEST_KEY } from '../helpers/gateway-rig.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import { connectTerminal, refusedUpgrade, type TerminalClient } from '../helpers/terminal-client.ts';
import { until } from '../helpers/until.ts';

/** Of 200 columns and 51 rows, each letter with its colour. */
const SCREEN_BYTES = 200 * 51 * 12;
const MB = 1_048_576;
/** 13 MB of full screens. How much of it a reader gets is up to tmux: it leaves out what is drawn over before it could
 *  be sent, and on a busy machine that is most of it. */
const FLOOD = `
  let frames = 1600;
  const timer = setInterval(() => {
    const line = String(frames).repeat(200).slice(0, 180);
    process.stdout.write('\\x1b[H' + (line + '\\r\\n').repeat(45));
    if ((frames -= 1) > 0) return;
    clearInterval(timer);
    process.stdout.write('the end\\r\\n');
    process.stdin.resume();
  }, 4);`;
const headers = { 'x-api-key': TEST_KEY };

describe('the terminal of a gateway, with the real CLI', () => {
  let rig: ProcessRig;
  beforeAll(async () => {
    rig = await openProcessRig((prompt) => `echo: ${prompt}`, { TERMINAL_WRITE_ENABLED: 'true' });
    await run('warm');
  });
  afterAll(() => rig.close());

  const connect = (query = ''): Promise<TerminalClient> =>
    connectTerminal(`${rig.baseUrl}/session/w/terminal${query}`, { headers });
  const tmux = async (...args: readonly string[]): Promise<string> =>
    (await runProgram('tmux', ['-S', rig.tmuxSocket, ...args])).stdout.trim();
  const countClients = async (): Promise<number> => (await tmux('list-clients', '-F', 'x')).split('\n').join('').length;

  async function run(command: string): Promise<{ readonly ms: number }> {
    const startedAt = performance.now();
    const request = { json: { workspace: 'w', command }, headers: { prefer: 'wait=30' } };
    expect((await rig.call('POST', '/execute', request)).body).toMatchObject({ state: 'completed' });
    return { ms: performance.now() - startedAt };
  }

  async function memoryOf(pid: number): Promise<number> {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  test('shows a turn as it runs, and counts as somebody attached', async () => {
    const client = await connect();
    await run('show this');
    await client.sees('echo: show this');
    expect((await rig.call('GET', '/session/w')).body).toMatchObject({ attached: 1 });
    await client.close();
    await until(async () => (await countClients()) === 0);
  });

  test('a session without a live agent has none', async () => {
    const sleeping = `${rig.baseUrl}/session/nobody/terminal`;
    expect(await refusedUpgrade(sleeping, headers)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('10 MB of output: a stalled reader costs little memory and slows nobody, and ends with the right screen', async () => {
    const pid = findRunning(path.join(rig.root, 'data')) ?? 0;
    const [stalled, reader] = [await connect(), await connect()];
    await until(async () => (await countClients()) === 2);
    const quiet = await run('before the flood');
    const before = await memoryOf(pid);
    let most = before;
    stalled.socket.pause();
    // A window of its own: the turn runs in the agent's pane meanwhile, and terminals show what is active.
    const flood = path.join(rig.root, 'flood.cjs');
    await writeFile(flood, FLOOD);
    await tmux('new-window', '-t', '=claude-w:', process.execPath, flood);
    const flooded = run('in the flood');
    await until(async () => {
      most = Math.max(most, await memoryOf(pid));
      return (await reader.screen()).includes('the end');
    });
    expect((await flooded).ms).toBeLessThan(quiet.ms + 3_000);
    expect(most - before).toBeLessThan(32 * MB);
    expect(await stalled.screen()).not.toContain('the end');
    stalled.socket.resume();
    await stalled.sees(/1{180}\s+the end/);
    await tmux('kill-window', '-t', '=claude-w:');
    // About equal when all that it missed was still on its way to it; each screen is drawn once more when it likes.
    expect(stalled.received()).toBeLessThanOrEqual(reader.received() + SCREEN_BYTES);
    await Promise.all([stalled.close(), reader.close()]);
    await until(async () => (await countClients()) === 0);
  });

  test.each([
    ['SIGTERM', { code: 1001, reason: expect.stringContaining('reconnect') }],
    ['SIGKILL', { code: 1006, reason: '' }],
  ] as const)(
    'after %s of the gateway a client reconnects to the same screen, and nothing is left',
    async (signal, end) => {
      await run(`before ${signal}`);
      const client = await connect();
      await client.sees(`echo: before ${signal}`);
      await rig.stop(signal);
      expect(await client.ended).toEqual(end);
      await until(async () => (await countClients()) === 0);
      await rig.start();
      const again = await connect('?write=true');
      await again.sees(`echo: before ${signal}`);
      again.send('typed after it');
      await again.sees('typed after it');
      await again.close();
    },
  );
});
