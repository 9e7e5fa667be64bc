import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../../../src/core/model/errors.ts';
import type { TurnEnd } from '../../../../../src/core/ports/agent.ts';
import { answer, untilInterrupted } from '../../../../helpers/fake-driver.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';
import { usageOf } from '../../../../helpers/examples.ts';

describe('a turn', () => {
  test('tells every phase in the store, in order, and ends with its text and usage', async () => {
    await using house = await openHouse();
    await house.start();
    const id = await house.ask('a', 'hello');
    const request = await house.ended(id);
    expect(request).toMatchObject({
      state: 'completed',
      phase: null,
      text: 'answer to hello',
      usage: usageOf(1, 2),
      transcriptOffset: 100,
    });
    const types = (await house.store.listEvents(0, 100)).flatMap((event) => (event.requestId === id ? event.type : []));
    expect(types).toEqual([
      'request.queued',
      'request.started',
      'request.submitting',
      'request.working',
      'request.completed',
    ]);
  });

  test('is interrupted at its deadline, keeps its partial text, and leaves the session usable', async () => {
    await using house = await openHouse({
      runTurn: (prompt, observer, signal) => (prompt === 'long' ? untilInterrupted(signal) : answer(prompt, observer)),
    });
    await house.start();
    const long = await house.ask('a', 'long', { timeoutMs: 5_000 });
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    house.clock.advance(4_999);
    expect((await house.api.requests.read(long)).request.state).toBe('running');
    house.clock.advance(1);
    expect(await house.ended(long)).toMatchObject({ state: 'timed_out', reason: 'turn_timeout', text: 'a part' });
    const next = await house.ended(await house.ask('a', 'next'));
    expect(next.state).toBe('completed');
    expect(house.driver.opened).toHaveLength(1);
    // No deadline is left, only the look at what waits too long.
    expect(house.clock.pending()).toBe(1);
  });

  test('stands at its deadline also while its agent starts', async () => {
    await using house = await openHouse({ open: () => new Promise(() => undefined) });
    await house.start();
    const id = await house.ask('a', 'hello', { timeoutMs: 5_000 });
    await until(() => house.driver.opened.length === 1);
    house.clock.advance(5_000);
    expect(await house.ended(id)).toMatchObject({ state: 'timed_out', reason: 'turn_timeout' });
  });

  test('fails at once with what to do when the agent has no credentials', async () => {
    await using house = await openHouse({
      readiness: async () => ({
        installed: true,
        credentials: false,
        hint: 'Set ANTHROPIC_API_KEY.',
        version: null,
        warning: null,
      }),
    });
    await house.start();
    const request = await house.ended(await house.ask('a', 'hello'));
    expect(request).toMatchObject({ state: 'failed', reason: 'agent_unavailable', error: 'Set ANTHROPIC_API_KEY.' });
    expect(house.driver.opened).toHaveLength(0);
  });

  test('fails as agent_unavailable when the driver says so at the start', async () => {
    await using house = await openHouse({
      open: () => Promise.reject(new GatewayError('agent_unavailable', 'Install tmux.')),
    });
    await house.start();
    const request = await house.ended(await house.ask('a', 'one'));
    expect(request).toMatchObject({ state: 'failed', reason: 'agent_unavailable', error: 'Install tmux.' });
  });

  test('fails as workspace_invalid when its folder went bad after it was accepted', async () => {
    let sound = true;
    await using house = await openHouse({
      workspaces: {
        async ensure(workspace) {
          if (!sound) throw new GatewayError('invalid_field', 'it is a file', { field: 'workspace' });
          return `/workspaces/${workspace}`;
        },
        locate: async (workspace) => `/workspaces/${workspace}`,
        check: async () => {},
      },
    });
    const id = await house.ask('a', 'hello');
    sound = false;
    await house.start();
    expect(await house.ended(id)).toMatchObject({ state: 'failed', reason: 'workspace_invalid' });
  });

  test('carries the reason and the partial text of an agent that failed', async () => {
    const end: TurnEnd = { kind: 'failed', reason: 'usage_limited', error: 'Come back at 5.', text: 'half' };
    await using house = await openHouse({ runTurn: async () => end });
    await house.start();
    const request = await house.ended(await house.ask('a', 'hello'));
    expect(request).toMatchObject({ state: 'failed', reason: 'usage_limited', error: 'Come back at 5.', text: 'half' });
  });

  test('runs in a resumed conversation after the agent has exited', async () => {
    await using house = await openHouse();
    await house.start();
    await house.ended(await house.ask('a', 'one'));
    house.driver.sessions[0]?.exit();
    await until(async () => (await house.api.sessions.read('a')).status === 'asleep');
    await house.ended(await house.ask('a', 'two'));
    expect(house.driver.opened.map((spec) => spec.agentSessionId)).toEqual([null, 'conversation-1']);
  });

  test('has the id of its conversation on disk before its prompt can be submitted', async () => {
    let known: string | null | undefined;
    await using house = await openHouse({
      async runTurn(prompt, observer) {
        known = (await house.store.readSession('a'))?.agentSessionId;
        return answer(prompt, observer);
      },
    });
    await house.start();
    await house.ended(await house.ask('a', 'one'));
    expect(known).toBe('conversation-1');
  });

  test('goes no further and writes nothing when it is no longer its owner', async () => {
    const steps: string[] = [];
    await using house = await openHouse({
      wrapStore: (store) => ({ ...store, progress: async () => false }),
      async runTurn(prompt, observer) {
        await observer.prepared(1);
        steps.push('pasted');
        return answer(prompt, observer);
      },
    });
    await house.start();
    const id = await house.ask('a', 'one');
    await house.reached(id, 'preparing');
    await house.api.sessions.create('b', undefined);
    expect(steps).toEqual([]);
    expect((await house.store.readRequest(id))?.state).toBe('running');
  });

  test('tells of what the driver noticed', async () => {
    await using house = await openHouse({
      async runTurn(prompt, observer) {
        observer.noticed({ type: 'agent.retrying', data: { attempt: 1 } });
        return answer(prompt, observer);
      },
    });
    await house.start();
    const id = await house.ask('a', 'one');
    await house.ended(id);
    expect(await house.store.listEvents(0, 100)).toContainEqual(
      expect.objectContaining({ type: 'agent.retrying', requestId: id, data: { attempt: 1 } }),
    );
  });
});
