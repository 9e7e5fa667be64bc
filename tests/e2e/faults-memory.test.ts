import { mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { until } from '../helpers/until.ts';

/** What becomes of a conversation whose file somebody has touched, with the real CLI. The number is that of the fault. */
describe('a session that slept', () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig({ env: { SESSION_IDLE_MS: '1500' } });
  });
  afterAll(() => rig.close());

  const sessionOf = async (workspace: string) =>
    (await rig.call('GET', `/session/${workspace}`)).body as {
      readonly status: string;
      readonly agentSessionId: string;
    };

  /** Falls asleep; the file of its conversation. */
  async function sleep(workspace: string): Promise<string> {
    await until(async () => (await sessionOf(workspace)).status === 'asleep');
    const { agentSessionId } = await sessionOf(workspace);
    const projects = path.join(rig.root, 'data', 'agent-home', '.claude', 'projects');
    const files = await readdir(projects, { recursive: true }).catch(() => []);
    return path.join(projects, files.find((file) => file.endsWith(`${agentSessionId}.jsonl`)) ?? 'none');
  }

  test.each([
    ['is gone', 'gone', (file: string) => rm(file)],
    ['is empty', 'unreadable', (file: string) => truncate(file, 0)],
    ['holds something else', 'unreadable', (file: string) => writeFile(file, 'x\n')],
  ] as const)('T28: a conversation whose file %s is told as lost, to one request', async (name, why, spoil) => {
    const workspace = `t28-${name.replaceAll(' ', '-')}`;
    expect(await rig.run(workspace, 'remember this')).toMatchObject({ conversationLost: null });
    const file = await sleep(workspace);
    const { agentSessionId } = await sessionOf(workspace);
    await spoil(file);
    const asked = `what was it? ${name}`;
    const end = await rig.run(workspace, asked);
    expect(end).toMatchObject({ state: 'completed', conversationLost: why });
    expect(rig.model.knew(asked)).not.toContain('remember this');
    const told = (await rig.events()).filter(
      ({ type, workspace: of }) => type === 'conversation.lost' && of === workspace,
    );
    expect(told).toMatchObject([{ requestId: end.requestId, data: { agentSessionId, why } }]);
    await sleep(workspace);
    expect(await rig.run(workspace, 'and then?')).toMatchObject({ state: 'completed', conversationLost: null });
  });

  test('T28: a session in which nothing was said has lost nothing', async () => {
    await rig.call('POST', '/session/create', { json: { workspace: 't28-new' } });
    await sleep('t28-new');
    expect(await rig.run('t28-new', 'hello')).toMatchObject({ state: 'completed', conversationLost: null });
  });

  test('T28: one that cannot be read for now fails, is not replaced, and goes on when it can', async () => {
    await rig.run('t28-folder', 'remember this');
    const file = await sleep('t28-folder');
    await rename(file, `${file}.kept`);
    await mkdir(file);
    const failed = await rig.run('t28-folder', 'what was it?');
    expect(failed).toMatchObject({ state: 'failed', reason: 'agent_unavailable' });
    expect(failed.error).toContain(path.basename(file));
    await rm(file, { recursive: true });
    await rename(`${file}.kept`, file);
    expect(await rig.run('t28-folder', 'and now?')).toMatchObject({ state: 'completed', conversationLost: null });
    expect(rig.model.knew('and now?')).toContain('remember this');
  });
});
