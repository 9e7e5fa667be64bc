import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { until } from '../helpers/until.ts';

describe('an agent or a tmux that ends, with the real CLI', () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig();
  });
  afterAll(() => rig.close());

  test.each(['SIGKILL', 'SIGSEGV', 'SIGTERM'] as const)('%s in mid-turn', async (signal) => {
    const prompt = `hold for ${signal}`;
    const id = await rig.submitHeld('w', prompt);
    process.kill(await rig.agentPid('w'), signal);
    expect(await rig.ended(id)).toMatchObject({ state: 'failed', reason: 'agent_exited', retryable: true });
    await rig.expectIntact('w');
    expect(rig.model.count(prompt)).toBe(1);
  });

  test('killed while it is idle, the next request starts it anew', async () => {
    process.kill(await rig.agentPid('w'), 'SIGKILL');
    await rig.expectIntact('w');
  });

  test('killed with its shell in the moment of a submission', async () => {
    const pid = await rig.agentPid('w');
    const shell = Number(await rig.tmux('display-message', '-p', '-t', '=claude-w:', '#{pane_pid}'));
    process.kill(shell, 'SIGKILL');
    process.kill(pid, 'SIGKILL');
    await rig.expectIntact('w');
  });

  test('its tmux session is ended in mid-turn', async () => {
    const id = await rig.submitHeld('w', 'hold in a session');
    await rig.tmux('kill-session', '-t', '=claude-w');
    expect(await rig.ended(id)).toMatchObject({ state: 'failed', reason: 'agent_exited' });
    await rig.expectIntact('w');
  });

  test('the whole tmux server is killed in mid-turn of two sessions, and again while idle', async () => {
    const ids = await Promise.all([rig.submitHeld('w', 'hold one'), rig.submitHeld('v', 'hold two')]);
    process.kill(Number(await rig.tmux('display-message', '-p', '#{pid}')), 'SIGKILL');
    for (const id of ids) expect(await rig.ended(id)).toMatchObject({ state: 'failed', reason: 'agent_exited' });
    await Promise.all([rig.expectIntact('w'), rig.expectIntact('v')]);
    await rig.tmux('kill-server');
    await rig.expectIntact('w');
  });

  test('the conversation goes on after all of that', async () => {
    const before = (await rig.call('GET', '/session/w')).body.agentSessionId as string;
    await rig.expectIntact('w');
    process.kill(await rig.agentPid('w'), 'SIGKILL');
    await until(async () => (await rig.call('GET', '/session/w')).body.status === 'asleep');
    await rig.expectIntact('w');
    expect((await rig.call('GET', '/session/w')).body.agentSessionId).toBe(before);
  });

  test('a person opens a shell beside the agent, and no prompt is typed into it', async () => {
    await rig.tmux('new-window', '-t', '=claude-w:', 'cat');
    await rig.expectIntact('w');
    const shown = await rig.tmux('capture-pane', '-p', '-t', '=claude-w:');
    expect(shown.trim()).toBe('');
    await rig.tmux('split-window', '-t', '=claude-w:0', 'cat');
    await rig.expectIntact('w');
    expect((await rig.tmux('capture-pane', '-p', '-t', '=claude-w:0')).trim()).toBe('');
  });

  test('a person scrolls back, and the prompt arrives all the same', async () => {
    await rig.tmux('kill-window', '-t', '=claude-w:1');
    await rig.tmux('copy-mode', '-t', '=claude-w:0.0');
    await rig.expectIntact('w');
  });

  test('a session of somebody else under its name is left alone', async () => {
    await rig.tmux('new-session', '-d', '-s', 'claude-stranger', 'cat');
    const end = await rig.run('stranger', 'not for you');
    expect(end).toMatchObject({ state: 'failed', reason: 'agent_unavailable' });
    expect(end.error).toContain('claude-stranger');
    expect((await rig.tmux('capture-pane', '-p', '-t', '=claude-stranger:')).trim()).toBe('');
    await rig.tmux('kill-session', '-t', '=claude-stranger');
    await rig.expectIntact('stranger');
  });
});
