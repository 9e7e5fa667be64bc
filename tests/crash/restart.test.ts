import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApiCall } from '../helpers/api-call.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import type { ScriptedModel } from '../helpers/scripted-model.ts';
import { until } from '../helpers/until.ts';

/** The gateway as a process of its own, which can be killed. */
describe.each(['claude', 'claude-print'])('kill -9 of the gateway, then a start, with %s', (agent) => {
  let rig: ProcessRig;
  let call: ApiCall;
  let model: ScriptedModel;
  let held: Map<string, PromiseWithResolvers<string>>;

  beforeEach(async () => {
    held = new Map();
    rig = await openProcessRig((prompt) => {
      if (!prompt.startsWith('hold')) return `echo: ${prompt}`;
      const gate = Promise.withResolvers<string>();
      held.set(prompt.trimEnd(), gate);
      return gate.promise;
    });
    ({ call, model } = rig);
  });

  afterEach(async () => {
    for (const gate of held.values()) gate.resolve('late');
    await rig.close();
  });

  const submit = async (command: string): Promise<string> =>
    (await call('POST', '/execute', { json: { workspace: 'w', command, agent } })).body.requestId as string;
  const ended = async (id: string) => (await call('GET', `/status/${id}`, { headers: { prefer: 'wait=30' } })).body;

  test('a turn under way is found and ends, its prompt reaches the model once, and what was queued runs', async () => {
    const first = await submit('hold over the crash');
    const second = await submit('waiting behind');
    await until(
      async () => (await call('GET', `/status/${first}`)).body.phase === 'working' && held.has('hold over the crash'),
    );
    await rig.stop('SIGKILL');
    await rig.start();
    held.get('hold over the crash')?.resolve('the answer');
    expect(await ended(first)).toMatchObject({ state: 'completed', output: { text: 'the answer' } });
    expect(await ended(second)).toMatchObject({ state: 'completed', output: { text: 'echo: waiting behind' } });
    expect(model.count('hold over the crash')).toBe(1);
    expect(model.count('waiting behind')).toBe(1);
  });

  test('a turn that ended while no gateway ran is completed from what the agent left', async () => {
    const id = await submit('hold while away');
    await until(
      async () => (await call('GET', `/status/${id}`)).body.phase === 'working' && held.has('hold while away'),
    );
    await rig.stop('SIGKILL');
    held.get('hold while away')?.resolve('said to nobody');
    await rig.start();
    expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: 'said to nobody' } });
    expect(model.count('hold while away')).toBe(1);
  });

  test('SIGTERM leaves the turn in tmux, and an Idempotency-Key is still known after the start', async () => {
    const body = {
      json: { workspace: 'w', command: 'hold over the stop', agent },
      headers: { 'idempotency-key': 'k' },
    };
    const id = (await call('POST', '/execute', body)).body.requestId as string;
    await until(
      async () => (await call('GET', `/status/${id}`)).body.phase === 'working' && held.has('hold over the stop'),
    );
    expect(await rig.stop('SIGTERM')).toBe(0);
    await rig.start();
    const replayed = await call('POST', '/execute', body);
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect(replayed.body.requestId).toBe(id);
    held.get('hold over the stop')?.resolve('kept');
    expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: 'kept' } });
    expect(model.count('hold over the stop')).toBe(1);
  });
});
