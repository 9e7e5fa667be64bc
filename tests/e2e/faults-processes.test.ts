import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readState } from '../../src/agents/processes/process-mark.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { isRunning } from '../helpers/process-tree.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

/** Hears no word of an end, nor does what it starts, which has no parent and a session of its own. */
const STUBBORN = `trap "" TERM HUP INT; echo $$ >> "$1"
(setsid sh -c 'trap "" TERM HUP INT; echo $$ >> "$0"; while :; do sleep 0.2; done' "$1" &)
"$2" "$3"; while :; do sleep 0.2; done`;

/** What agents start, with the real CLI. The number is that of the fault. */
describe('an MCP server that ignores every word', () => {
  const folder = createTempFolder();
  const pids = path.join(folder.path, 'pids');
  let rig: FaultRig;
  let isDown = false;
  beforeAll(async () => {
    const args = ['-c', STUBBORN, 'stubborn', pids, process.execPath, path.resolve('tests/helpers/form-server.ts')];
    const config = path.join(folder.path, 'mcp.json');
    await writeFile(config, JSON.stringify({ mcpServers: { stubborn: { command: 'sh', args } } }));
    rig = await openFaultRig({
      env: { CLAUDE_EXTRA_ARGS: `--mcp-config ${config}`, SESSION_IDLE_MS: '600000', MAX_LIVE_SESSIONS: '1' },
    });
  });
  afterAll(async () => {
    if (!isDown) await rig.close();
    folder[Symbol.dispose]();
  });

  /** Of an agent that has just been started. */
  async function wake(workspace: string): Promise<readonly number[]> {
    await writeFile(pids, '');
    await rig.run(workspace, 'hello');
    await until(() => readPids().length >= 2);
    for (const pid of readPids()) expect(await readState(pid)).toBe('runs');
    return readPids();
  }

  const readPids = (): readonly number[] => readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number);

  const statesOf = (found: readonly number[]) => Promise.all(found.map(readState));

  test('P2: is gone with a session that is deleted', async () => {
    const found = await wake('deleted');
    expect((await rig.call('DELETE', '/session/deleted?force=true')).status).toBe(200);
    expect(new Set(await statesOf(found))).toEqual(new Set(['ended']));
  });

  test('P2: is gone with an agent that a cancel has to end', async () => {
    const found = await wake('cancelled');
    const id = await rig.submitHeld('cancelled', 'hold frozen');
    const frozen = await rig.agentPid('cancelled');
    // It hears no Escape; once stopped it would be continued.
    const freezing = setInterval(() => isRunning(frozen) && process.kill(frozen, 'SIGSTOP'), 1);
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    clearInterval(freezing);
    await until(async () => (await statesOf(found)).every((state) => state === 'ended'));
  });

  test('P2: stays with an agent that a cancel leaves, and there is no second one', async () => {
    const found = await wake('goes-on');
    const id = await rig.submitHeld('goes-on', 'hold for a while');
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    await rig.expectIntact('goes-on');
    expect(new Set(await statesOf(found))).toEqual(new Set(['runs']));
    expect(readPids()).toEqual(found);
  });

  test('P2: is gone with an agent that has to make place, and sleeps', async () => {
    const found = await wake('sleeps');
    await wake('comes');
    await until(async () => (await rig.call('GET', '/session/sleeps')).body.status === 'asleep');
    expect(new Set(await statesOf(found))).toEqual(new Set(['ended']));
  });

  test('P2: is gone when the gateway goes down', async () => {
    const found = await wake('stopped');
    isDown = true;
    await rig.close();
    expect(new Set(await statesOf(found))).toEqual(new Set(['ended']));
  });
});
