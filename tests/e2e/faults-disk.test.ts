import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runProgram } from '../../src/lib/run-program.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import { until } from '../helpers/until.ts';

/** What the agent writes from then on is refused, as by a full disk. */
async function refuseWrites(pid: number): Promise<void> {
  const { code, stderr } = await runProgram('prlimit', ['--pid', `${pid}`, '--fsize=0']);
  if (code !== 0) throw new Error(stderr);
}

describe('an agent that can write nothing down, with the real CLI', () => {
  let rig: ProcessRig;
  const answer = Promise.withResolvers<string>();
  beforeAll(async () => {
    rig = await openProcessRig((prompt) => (prompt.startsWith('hold') ? answer.promise : `echo: ${prompt}`));
  }, 60_000);
  afterAll(async () => {
    answer.resolve('late');
    await rig.close();
  }, 60_000);

  const submit = async (command: string): Promise<string> =>
    (await rig.call('POST', '/execute', { json: { workspace: 'w', command } })).body['requestId'] as string;
  const ended = async (id: string) => (await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=60' } })).body;
  const screen = async (): Promise<string> =>
    (await runProgram('tmux', ['-S', rig.tmuxSocket, 'capture-pane', '-p', '-t', '=claude-w:'])).stdout;

  test('T14: answers while the gateway is down: the answer is told as lost, and no person is blamed', async () => {
    const id = await submit('hold on');
    await until(async () => (await rig.call('GET', `/status/${id}`)).body['phase'] === 'working');
    const { pid } = (await rig.call('GET', '/session/w')).body['process'] as { readonly pid: number };
    await refuseWrites(pid);
    await rig.stop('SIGKILL');
    answer.resolve('on the screen alone');
    await until(async () => (await screen()).includes('on the screen alone'));
    await rig.start();
    const end = await ended(id);
    expect(end).toMatchObject({ state: 'failed', reason: 'answer_lost', retryable: false });
    expect(end['error']).toMatch(/^The agent is done with this turn, and its end is lost/);
    expect(end['error']).not.toMatch(/interrupted|terminal|person/);
  }, 90_000);
});
