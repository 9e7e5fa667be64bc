import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toWarning } from '../../src/agents/program/versions/versions.ts';
import { claudeVersion } from '../helpers/claude-program.ts';
import { openGatewayRig, type GatewayRig } from '../helpers/gateway-rig.ts';
import { until } from '../helpers/until.ts';

describe('POST /execute with the real CLI', () => {
  let rig: GatewayRig;
  const held = new Map<string, PromiseWithResolvers<string>>();

  beforeAll(async () => {
    rig = await openGatewayRig({
      script: (prompt) => {
        if (!prompt.startsWith('hold')) return `echo: ${prompt}`;
        const gate = Promise.withResolvers<string>();
        held.set(prompt.trimEnd(), gate);
        return gate.promise;
      },
    });
  });

  afterAll(async () => {
    for (const gate of held.values()) gate.resolve('late');
    await rig.close();
  });

  const submit = async (workspace: string, command: string, more: object = {}): Promise<string> => {
    const accepted = await rig.call('POST', '/execute', { json: { workspace, command, ...more } });
    expect(accepted.status).toBe(202);
    return (accepted.body as { requestId: string }).requestId;
  };

  const ended = async (requestId: string) =>
    (await rig.call('GET', `/status/${requestId}`, { headers: { prefer: 'wait=60' } })).body;

  test('20 prompts in a row in one session are each answered with their own answer', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) ids.push(await submit('row', `prompt number ${index}`));
    for (const [index, id] of ids.entries()) {
      expect(await ended(id)).toMatchObject({
        state: 'completed',
        output: { text: `echo: prompt number ${index}` },
      });
      expect(rig.model.count(`prompt number ${index}`)).toBe(1);
    }
  });

  test('5 sessions at once are each answered with their own answer', async () => {
    const ids = await Promise.all([0, 1, 2, 3, 4].map((index) => submit(`many-${index}`, `for session ${index}`)));
    const ends = await Promise.all(ids.map(ended));
    expect(ends.map((end) => end.output.text)).toEqual([0, 1, 2, 3, 4].map((index) => `echo: for session ${index}`));
  });

  test('a request is cancelled while it runs, and the next one of its session arrives intact', async () => {
    const id = await submit('row', 'hold to cancel');
    await until(() => held.has('hold to cancel'));
    expect((await rig.call('POST', `/status/${id}/cancel`)).status).toBe(200);
    expect(await ended(id)).toMatchObject({ state: 'cancelled', phase: null });
    expect(await rig.run('row', 'after the cancel')).toMatchObject({
      state: 'completed',
      output: { text: 'echo: after the cancel' },
    });
    expect(rig.model.count('hold to cancel')).toBe(1);
  });

  test('a queued request that is cancelled never reaches the agent', async () => {
    const first = await submit('row', 'hold the lane');
    await until(() => held.has('hold the lane'));
    const second = await submit('row', 'never seen');
    const cancelled = await rig.call('POST', `/status/${second}/cancel`);
    expect(cancelled.body).toMatchObject({ state: 'cancelled' });
    held.get('hold the lane')?.resolve('done');
    expect(await ended(first)).toMatchObject({ state: 'completed', output: { text: 'done' } });
    expect(rig.model.count('never seen')).toBe(0);
  });

  test('a deadline ends a turn as timed_out and leaves the session usable', async () => {
    const id = await submit('row', 'hold too long', { timeoutMs: 1500 });
    expect(await ended(id)).toMatchObject({ state: 'timed_out', reason: 'turn_timeout', retryable: true });
    expect(await rig.run('row', 'after the deadline')).toMatchObject({ state: 'completed' });
  });

  test('a high request goes before normal ones that came earlier', async () => {
    const first = await submit('order', 'hold the order');
    await until(() => held.has('hold the order'));
    const normal = await submit('order', 'the normal one');
    const high = await submit('order', 'the high one', { priority: 'high' });
    expect((await rig.call('GET', `/status/${normal}`)).body).toMatchObject({ state: 'queued', position: 2 });
    held.get('hold the order')?.resolve('done');
    await Promise.all([first, normal, high].map(ended));
    const order = rig.model.prompts.filter((prompt) => prompt.startsWith('the '));
    expect(order.map((prompt) => prompt.trimEnd())).toEqual(['the high one', 'the normal one']);
  });

  test('deleting a session with work needs force, and fails the work with session_deleted', async () => {
    const id = await submit('doomed', 'hold until deleted');
    await until(() => held.has('hold until deleted'));
    const queued = await submit('doomed', 'waiting behind');
    const refused = await rig.call('DELETE', '/session/doomed');
    expect(refused.status).toBe(409);
    expect((await rig.call('DELETE', '/session/doomed?force=true')).body).toEqual({
      workspace: 'doomed',
      status: 'deleted',
    });
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
    expect(await ended(queued)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
    expect((await rig.call('GET', '/session/doomed')).status).toBe(404);
  });

  test('the screen of a live session can be read', async () => {
    const screen = await rig.call('GET', '/session/row/screen');
    expect(screen.text).toContain('❯');
  });

  test('health is healthy and names its parts', async () => {
    const health = await rig.call('GET', '/health');
    expect(health.status).toBe(200);
    expect(health.body.checks).toMatchObject({
      tmuxServer: { healthy: true },
      agent: { installed: true, credentials: true, version: claudeVersion(), warning: toWarning(claudeVersion()) },
    });
  });
});
