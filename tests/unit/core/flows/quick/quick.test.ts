import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../../../src/core/model/errors.ts';
import { answer, untilInterrupted } from '../../../../helpers/fake-driver.ts';
import { createFakeWorktrees } from '../../../../helpers/fake-worktrees.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

const never = new AbortController().signal;
const ME = { transport: 'http', user_id: 'key', channel_id: 'quick', thread_id: null };

describe('a quick session', () => {
  test('begins with a worktree and a conversation, and is idle', async () => {
    const worktrees = createFakeWorktrees();
    await using house = await openHouse({ worktrees });
    await house.start();
    const { session, fetch } = await house.api.quick.start('o/r');
    const id = `quick-${house.clock.now() / 1_000}`;
    expect(session).toMatchObject({ id, repo: 'o/r', status: 'idle', worktreePath: `/worktrees/${id}` });
    expect(session).toMatchObject({ agentSessionId: null, messageCount: 0, costMicroUsd: 0 });
    expect(fetch).toEqual({ kind: 'no_remote' });
    expect(worktrees.standing()).toEqual([id]);
  });

  test('of an unknown repository is refused, and nothing is left of it', async () => {
    await using house = await openHouse({ worktrees: createFakeWorktrees() });
    await house.start();
    await expect(house.api.quick.start('x/y')).rejects.toMatchObject({ code: 'repository_not_found' });
    expect(await house.store.listQuick()).toEqual([]);
  });

  test('whose worktree cannot be made leaves nothing', async () => {
    const full = async (): Promise<never> => {
      throw new GatewayError('no_space', 'The disk is full');
    };
    await using house = await openHouse({ worktrees: createFakeWorktrees(() => ({ add: full })) });
    await house.start();
    await expect(house.api.quick.start('o/r')).rejects.toMatchObject({ code: 'no_space' });
    expect([await house.store.listQuick(), await house.api.quick.list()]).toEqual([[], []]);
  });

  test('takes the next id when another gateway has taken one', async () => {
    let first = true;
    const worktrees = createFakeWorktrees((plain) => ({
      async add(name, signal) {
        if (!first) return plain.add(name, signal);
        first = false;
        throw new GatewayError('worktree_exists', 'taken');
      },
    }));
    await using house = await openHouse({ worktrees });
    await house.start();
    const { session } = await house.api.quick.start('o/r');
    expect(session.id).toBe(`quick-${house.clock.now() / 1_000 + 1}`);
    expect(await house.store.listQuick()).toHaveLength(1);
  });

  test('hands its messages to claude-print, one after the other, and sums what they took', async () => {
    await using house = await openHouse({ worktrees: createFakeWorktrees() });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    const sent = await Promise.all(['one', 'two'].map((text) => house.api.quick.send(id, text, ME)));
    expect(sent[0]).toMatchObject({ sessionId: id, role: 'user', content: 'one', costMicroUsd: null });
    for (const message of sent) {
      const ended = await house.ended(message.id);
      expect(ended).toMatchObject({ agent: 'claude-print', source: 'quick', priority: 'interactive', workspace: id });
    }
    expect(house.driver.opened).toHaveLength(1);
    const read = await house.api.quick.read(id);
    expect(read).toMatchObject({ status: 'idle', messageCount: 2, costMicroUsd: 12, agentSessionId: 'conversation-1' });
    const messages = await house.api.quick.readMessages(id);
    expect(messages.filter(({ role }) => role === 'assistant')).toMatchObject([
      { content: 'answer to one', costMicroUsd: 6 },
      { content: 'answer to two', costMicroUsd: 6 },
    ]);
  });

  test('shows the tools that were used, and why a message did not complete', async () => {
    await using house = await openHouse({
      worktrees: createFakeWorktrees(),
      async runTurn(prompt, observer) {
        await answer(prompt, observer);
        observer.noticed({
          type: 'tool.started',
          data: { toolUseId: 'u', tool: 'Read', summary: 'a.txt', subagent: null },
        });
        return { kind: 'failed', reason: 'agent_error', error: 'It broke.', text: null };
      },
    });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    await house.ended((await house.api.quick.send(id, 'go', ME)).id);
    const messages = await until(async () => {
      const found = await house.api.quick.readMessages(id);
      return found.length === 3 && found;
    });
    expect(messages.map(({ role, content }) => [role, content]).toSorted()).toEqual([
      ['system', 'It broke.'],
      ['tool', 'a.txt'],
      ['user', 'go'],
    ]);
    expect(messages.find(({ role }) => role === 'tool')).toMatchObject({ toolName: 'Read', toolInput: 'a.txt' });
    expect(await house.api.quick.read(id)).toMatchObject({ status: 'failed' });
  });

  test('goes on in the one queue: whoever submits to its workspace speaks to the same agent', async () => {
    await using house = await openHouse({ worktrees: createFakeWorktrees() });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    await house.ended(await house.ask(id, 'by execute'));
    expect(await house.api.quick.read(id)).toMatchObject({ messageCount: 1 });
  });

  test('is listed by its last use', async () => {
    await using house = await openHouse({ worktrees: createFakeWorktrees() });
    await house.start();
    const ids: string[] = [];
    for (let nth = 0; nth < 3; nth += 1) {
      ids.push((await house.api.quick.start('o/r')).session.id);
      house.clock.advance(1_000);
    }
    await house.ended((await house.api.quick.send(ids[0] ?? '', 'again', ME)).id);
    expect((await house.api.quick.list()).map(({ id }) => id)).toEqual([ids[0], ids[2], ids[1]]);
  });

  test('is published with what is not committed, but not while its agent works', async () => {
    const worktrees = createFakeWorktrees();
    await using house = await openHouse({ worktrees, runTurn: (_p, _o, signal) => untilInterrupted(signal) });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    expect(await house.api.quick.publish(id, {}, never)).toMatchObject({
      note: `Quick task ${id}`,
      skipped: ['inside'],
    });
    expect(worktrees.calls.slice(-2)).toEqual([`commit ${id}`, `publish ${id}`]);
    await house.api.quick.send(id, 'work', ME);
    await expect(house.api.quick.publish(id, {}, never)).rejects.toMatchObject({ code: 'session_busy' });
    await house.api.quick.delete(id);
  });
});

describe('the end of a quick session', () => {
  test('ends what runs, removes the worktree, and names the branch that is kept', async () => {
    const worktrees = createFakeWorktrees();
    await using house = await openHouse({ worktrees, runTurn: (_p, _o, signal) => untilInterrupted(signal) });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    const sent = await house.api.quick.send(id, 'work', ME);
    await until(() => house.driver.sessions[0]?.prompts.length === 1);
    worktrees.keep(id);
    expect(await house.api.quick.delete(id)).toEqual({ keptBranches: [`quick/${id}`] });
    expect(await house.ended(sent.id)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
    expect(worktrees.calls.at(-1)).toBe(`remove ${id}`);
    expect([worktrees.standing(), await house.api.quick.list(), await house.store.listSessions()]).toEqual([
      [],
      [],
      [],
    ]);
    await expect(house.api.quick.delete(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('lets no message in that comes while it is under way', async () => {
    const going = Promise.withResolvers<void>();
    const removing = Promise.withResolvers<void>();
    const worktrees = createFakeWorktrees((plain) => ({
      async remove(name) {
        removing.resolve();
        await going.promise;
        return plain.remove(name);
      },
    }));
    await using house = await openHouse({ worktrees });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    const deleted = house.api.quick.delete(id);
    await removing.promise;
    expect(await house.api.quick.list()).toEqual([]);
    const late = house.api.quick.send(id, 'late', ME);
    going.resolve();
    await deleted;
    await expect(late).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is cut off by a stop, which the caller is told; it is gone on with later', async () => {
    const removing = Promise.withResolvers<void>();
    const remove = (_name: unknown, signal?: AbortSignal): Promise<never> => {
      const cut = Promise.withResolvers<never>();
      signal?.addEventListener('abort', () => cut.reject(signal.reason));
      removing.resolve();
      return cut.promise;
    };
    await using house = await openHouse({ worktrees: createFakeWorktrees(() => ({ remove })) });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    const deleted = house.api.quick.delete(id);
    const told = expect(deleted).rejects.toMatchObject({ code: 'draining' });
    await removing.promise;
    await house.drain();
    await told;
    expect(await house.store.listQuick()).toMatchObject([{ id, state: 'removing' }]);
  });

  test('that fails half way can be asked again', async () => {
    let fails = true;
    const worktrees = createFakeWorktrees((plain) => ({
      async remove(name) {
        if (fails) throw new GatewayError('git_failed', 'git failed');
        return plain.remove(name);
      },
    }));
    await using house = await openHouse({ worktrees });
    await house.start();
    const { id } = (await house.api.quick.start('o/r')).session;
    await expect(house.api.quick.delete(id)).rejects.toMatchObject({ code: 'git_failed' });
    await expect(house.api.quick.read(id)).rejects.toMatchObject({ code: 'not_found' });
    fails = false;
    expect(await house.api.quick.delete(id)).toEqual({ keptBranches: [] });
    expect(await house.store.listQuick()).toEqual([]);
  });
});

test('without repositories every verb says which settings are missing', async () => {
  await using house = await openHouse();
  await house.start();
  const refused = { code: 'quick_off', message: expect.stringContaining('REPOS_ROOT and WORKTREES_ROOT') };
  await expect(house.api.quick.start('o/r')).rejects.toMatchObject(refused);
  await expect(house.api.quick.list()).rejects.toMatchObject(refused);
});
