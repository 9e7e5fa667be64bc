import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runProgram } from '../../src/lib/run-program.ts';
import { createApprovalCalls } from '../helpers/approvals.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { createKeptLog } from '../helpers/kept-log.ts';
import { openHoldingRig, type ProcessRig } from '../helpers/process-rig.ts';
import { isRunning, processesWith } from '../helpers/process-tree.ts';
import { until } from '../helpers/until.ts';

/** The agents of the workspace `w` of the gateway that lives here. */
async function agentsIn(root: string): Promise<readonly number[]> {
  const { stdout } = await runProgram('ps', ['-A', '-ww', '-o', 'pid=,args=']);
  const agent = /^ *(\d+) \S*claude\S* --(?:session-id|resume) \S+ --settings (\S+)/gm;
  const settings = path.join(root, 'data', 'claude', 'w', 'settings.json');
  return [...stdout.matchAll(agent)].flatMap(([, pid, file]) => (file === settings ? [Number(pid)] : []));
}

describe('a tmux that loses its socket or dies, with the real CLI', () => {
  const log = createKeptLog();
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig({
      log,
      script: (prompt) =>
        prompt.startsWith('touch')
          ? { tool: 'Bash', input: { command: prompt }, answer: 'touched' }
          : `echo: ${prompt}`,
    });
    await rig.run('w', 'warm');
  });
  afterAll(() => rig.close());

  const socket = (): string => rig.gateway.tmuxSocket;
  const loseSocket = (): Promise<void> => rm(path.dirname(socket()), { recursive: true });
  const serverPid = async (): Promise<number> => Number(await rig.tmux('display-message', '-p', '#{pid}'));

  test('T20: an idle agent whose socket is lost is not told to be gone, and takes the next request', async () => {
    const agent = await rig.agentPid('w');
    const exits = log.of('agent.exited').length;
    await loseSocket();
    await until(() => existsSync(socket()));
    expect((await rig.call('GET', '/session/w')).body).toMatchObject({ status: 'idle', process: { pid: agent } });
    await loseSocket();
    await rig.expectIntact('w');
    expect([await rig.agentPid('w'), log.of('agent.exited').length]).toEqual([agent, exits]);
    expect(log.of('tmux.socket_lost')).toContainEqual({ socket: socket(), what: 'restored' });
  });

  test('T20: an agent that works while its socket is lost works on, and its answer is its own', async () => {
    const id = await rig.submitHeld('w', 'hold without a socket');
    const agent = await rig.agentPid('w');
    await loseSocket();
    await until(() => existsSync(socket()));
    expect(await rig.status(id)).toMatchObject({ state: 'running', phase: 'working' });
    await loseSocket();
    (await rig.held('hold without a socket')).resolve('the answer');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'the answer' } });
    await rig.expectIntact('w');
    expect(await agentsIn(rig.root)).toEqual([agent]);
  });

  test('T20: a decision is given although the socket is lost while the dialog stands', async () => {
    const id = await rig.submit('w', 'touch given');
    const approvals = createApprovalCalls(rig.call);
    const [approval] = await approvals.open(id);
    await loseSocket();
    expect(await approvals.decide(approval?.id ?? '', { decision: 'allow' })).toMatchObject({
      body: { state: 'allowed', decidedBy: 'api' },
    });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'touched' } });
  });

  test('T15: the tmux server is killed in mid-turn: the error and the log say so, and the way out', async () => {
    const id = await rig.submitHeld('w', 'hold a dying server');
    process.kill(await serverPid(), 'SIGKILL');
    const { error, ...end } = await rig.ended(id);
    expect(end).toMatchObject({ state: 'failed', reason: 'agent_exited', retryable: true });
    expect(error).toMatch(/^The tmux server was killed or crashed, .* The next request starts it again/);
    expect(log.of('agent.exited').at(-1)).toMatchObject({ session: 'claude-w', died: 'tmux_server' });
    await rig.expectIntact('w');
  });

  test('T15: a session that is ended from outside, and a killed agent, are told as what they are', async () => {
    const ended = await rig.submitHeld('w', 'hold an ended session');
    await rig.tmux('kill-session', '-t', '=claude-w');
    expect((await rig.ended(ended)).error).toMatch(/^The agent's tmux session was ended from outside/);
    expect(log.of('agent.exited').at(-1)).toMatchObject({ died: 'tmux_session' });
    const killed = await rig.submitHeld('w', 'hold a killed agent');
    process.kill(await rig.agentPid('w'), 'SIGKILL');
    expect((await rig.ended(killed)).error).toMatch(/^The agent's program was killed by SIGKILL/);
    expect(log.of('agent.exited').at(-1)).toMatchObject({ died: 'agent', exitCode: 137 });
    await rig.expectIntact('w');
  });

  test('T20: an agent that outlives its tmux is ended before the next one starts', async () => {
    const agent = await rig.agentPid('w');
    const shell = Number(await rig.tmux('display-message', '-p', '-t', '=claude-w:', '#{pane_pid}'));
    process.kill(agent, 'SIGSTOP');
    for (const pid of [await serverPid(), shell]) process.kill(pid, 'SIGKILL');
    await rig.expectIntact('w');
    expect([isRunning(agent), await agentsIn(rig.root)]).toEqual([false, [await rig.agentPid('w')]]);
  });
});

describe('a gateway that is killed while the socket of its tmux is lost, with the real CLI', () => {
  let rig: ProcessRig;
  let answer: PromiseWithResolvers<string>;
  beforeEach(async () => {
    ({ rig, answer } = await openHoldingRig());
  });
  afterEach(async () => {
    answer.resolve('late');
    await rig.close();
  });

  async function working(): Promise<{ readonly id: string; readonly agent: number }> {
    const { body } = await rig.call('POST', '/execute', { json: { workspace: 'w', command: 'hold on' } });
    const id = body['requestId'] as string;
    await until(async () => (await rig.call('GET', `/status/${id}`)).body['phase'] === 'working');
    const { pid } = (await rig.call('GET', '/session/w')).body['process'] as { readonly pid: number };
    return { id, agent: pid };
  }
  const ended = async (id: string) => (await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=60' } })).body;

  test('T20: finds the very agent at its next start, and gets its answer', async () => {
    const { id, agent } = await working();
    await rig.stop('SIGKILL');
    await rm(path.dirname(rig.tmuxSocket), { recursive: true });
    await rig.start();
    expect(await agentsIn(rig.root)).toEqual([agent]);
    answer.resolve('after all');
    expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: 'after all' } });
  });

  test('T20: finds an agent that outlived its tmux, too, and ends it before another one starts', async () => {
    const { id, agent } = await working();
    await rig.stop('SIGKILL');
    process.kill(agent, 'SIGSTOP');
    const [server = 0, ...below] = processesWith(`${rig.tmuxSocket}\0-f\0/dev/null\0start-server`);
    for (const pid of [server, ...below]) if (pid !== agent && isRunning(pid)) process.kill(pid, 'SIGKILL');
    expect(isRunning(agent)).toBe(true);
    await rig.start();
    expect(isRunning(agent)).toBe(false);
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: 'host_restarted' });
    const next = await rig.call('POST', '/execute', { json: { workspace: 'w', command: 'go on' } });
    expect(await ended(next.body['requestId'] as string)).toMatchObject({ state: 'completed' });
    expect(await agentsIn(rig.root)).toHaveLength(1);
  });
});
