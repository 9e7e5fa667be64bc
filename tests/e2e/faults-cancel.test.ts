import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isRunning } from '../helpers/process-tree.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { until } from '../helpers/until.ts';

describe('cancel and deadlines, with the real CLI', () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig({
      script: (prompt) =>
        prompt.startsWith('sleep')
          ? { tool: 'Bash', input: { command: 'tail -f /dev/null', description: 'waits' }, answer: 'slept' }
          : `echo: ${prompt}`,
      fault: (prompt) => (prompt.startsWith('stream') ? { kind: 'stall', said: 'A first line.\n' } : null),
      env: { CLAUDE_PERMISSION_MODE: 'acceptEdits', CLAUDE_EXTRA_ARGS: '--allowedTools Bash' },
    });
    await rig.run('w', 'warm');
  });
  afterAll(() => rig.close());

  const cancel = (id: string) => rig.call('POST', `/status/${id}/cancel`);
  const wasPressed = async (): Promise<string> => (await rig.call('GET', '/session/w/screen')).text;

  test('a running request that said nothing yet', async () => {
    const id = await rig.submitHeld('w', 'hold early');
    await cancel(id);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled', reason: null });
    await rig.expectIntact('w');
    expect(rig.model.count('hold early')).toBe(1);
  });

  test('a running request that speaks, and its part is kept', async () => {
    const id = await rig.submit('w', 'stream to be cut');
    await until(async () => (await wasPressed()).includes('A first line.'));
    await cancel(id);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled', output: { text: 'A first line.\n' } });
    await rig.expectIntact('w');
  });

  test('a running request in the middle of a command', async () => {
    const id = await rig.submit('w', 'sleep long');
    await until(async () => /\$ tail -f|Bash\(tail -f/.test(await wasPressed()));
    await cancel(id);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    await rig.expectIntact('w');
  });

  test.each([0, 5, 20, 40, 60, 80, 100, 140])('a request that was accepted %i ms ago', async (ms) => {
    const prompt = `hold moment ${ms}`;
    const id = await rig.submit('w', prompt);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await cancel(id);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    await rig.expectIntact('w');
    expect(rig.model.count(prompt)).toBeLessThanOrEqual(1);
  });

  test('a queued request never reaches the agent', async () => {
    const first = await rig.submitHeld('w', 'hold the lane');
    const second = await rig.submit('w', 'never to be seen');
    expect((await cancel(second)).body).toMatchObject({ state: 'cancelled' });
    (await rig.held('hold the lane')).resolve('let go');
    expect(await rig.ended(first)).toMatchObject({ state: 'completed', output: { text: 'let go' } });
    await rig.expectIntact('w');
    expect(rig.model.count('never to be seen')).toBe(0);
  });

  test('the first request of a session whose agent is just starting', async () => {
    const id = await rig.submit('cold', 'cancelled at the start');
    await until(async () => (await rig.status(id)).state === 'running');
    await cancel(id);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    await rig.expectIntact('cold');
    expect(rig.model.count('cancelled at the start')).toBe(0);
  });

  test('cancelling twice and cancelling what has ended change nothing', async () => {
    const id = await rig.submitHeld('w', 'hold twice');
    await Promise.all([cancel(id), cancel(id)]);
    const end = await rig.ended(id);
    expect(end.state).toBe('cancelled');
    expect((await cancel(id)).body).toMatchObject({ state: 'cancelled' });
  });

  test('a deadline ends the turn, and what was said is kept', async () => {
    const id = await rig.submit('w', 'stream beyond the deadline', { timeoutMs: 4_000 });
    expect(await rig.ended(id)).toMatchObject({
      state: 'timed_out',
      reason: 'turn_timeout',
      output: { text: 'A first line.\n' },
    });
    await rig.expectIntact('w');
  });

  test('an agent that ignores Escape is restarted', async () => {
    const id = await rig.submitHeld('w', 'hold frozen');
    const frozen = await rig.agentPid('w');
    // Once stopped it would be continued.
    const freezing = setInterval(() => isRunning(frozen) && process.kill(frozen, 'SIGSTOP'), 1);
    await cancel(id);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    clearInterval(freezing);
    await rig.expectIntact('w');
    expect(await rig.agentPid('w')).not.toBe(frozen);
  });
});
