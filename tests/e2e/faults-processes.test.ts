import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readState } from '../../src/agents/processes/process-mark.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
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
    rig = await openFaultRig({ env: { CLAUDE_EXTRA_ARGS: `--mcp-config ${config}`, SESSION_IDLE_MS: '600000' } });
  }, 60_000);
  afterAll(async () => {
    if (!isDown) await rig.close();
    folder[Symbol.dispose]();
  });

  /** Of an agent that has just been started. */
  async function wake(workspace: string): Promise<readonly number[]> {
    await writeFile(pids, '');
    await rig.run(workspace, 'hello');
    const read = (): readonly number[] =>
      existsSync(pids) ? readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number) : [];
    await until(() => read().length >= 2);
    for (const pid of read()) expect(await readState(pid)).toBe('runs');
    return read();
  }

  const statesOf = (found: readonly number[]) => Promise.all(found.map(readState));

  test('P2: is gone with a session that is deleted', async () => {
    const found = await wake('deleted');
    expect((await rig.call('DELETE', '/session/deleted?force=true')).status).toBe(200);
    expect(new Set(await statesOf(found))).toEqual(new Set(['ended']));
  }, 60_000);

  test('P2: is gone when the gateway goes down', async () => {
    const found = await wake('stopped');
    isDown = true;
    await rig.close();
    expect(new Set(await statesOf(found))).toEqual(new Set(['ended']));
  }, 60_000);
});
