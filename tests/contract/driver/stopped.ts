import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentName } from '../../../src/core/model/agent.ts';
import { readState } from '../../../src/agents/processes/process-mark.ts';
import { until } from '../../helpers/until.ts';
import { beginTurn, type Bench, isAtTerminal, never, observe, openBench, type OpenProgram, run } from './fixtures.ts';

/** How a program can be stopped. */
type Way = 'Ctrl-Z' | 'SIGSTOP';

export function describeStopped(open: OpenProgram, agent: AgentName): void {
  describe('an agent that somebody stopped', () => {
    const ways: readonly Way[] = isAtTerminal(agent) ? ['Ctrl-Z', 'SIGSTOP'] : ['SIGSTOP'];
    let bench: Bench;
    beforeAll(async () => {
      bench = await openBench(open);
    });
    afterAll(() => bench.close());

    async function stop(workspace: string, how: Way): Promise<void> {
      if (how === 'SIGSTOP') {
        const pid = await bench.pid(`claude-${workspace}`);
        process.kill(pid, 'SIGSTOP');
        await until(async () => (await readState(pid)) === 'stopped');
        return;
      }
      await bench.tmux.keys(`claude-${workspace}`, 'C-z');
      await until(async () => (await bench.tmux.look(`claude-${workspace}`))?.showsCursor);
    }

    test.each(ways)('T26: by %s while it is idle is continued when a request comes, in time', async (how) => {
      const name = `idle-${how}`;
      const session = await bench.open(name);
      await run(session, 'before');
      await stop(name, how);
      const steps: string[] = [];
      const startedAt = performance.now();
      const end = await session.runTurn(`after ${how}`, observe(steps), never);
      expect(end).toMatchObject({ kind: 'completed', text: `echo: after ${how}` });
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect(steps).toEqual(['agent.continued', 'prepared', 'submitting', 'working']);
    });

    test.each(ways)('T26: by %s in the middle of a turn is continued, and ends it', async (how) => {
      const name = `working-${how}`;
      const session = await bench.open(name);
      const turn = await beginTurn(bench, session, `hold ${how}`);
      await stop(name, how);
      bench.program.release(`hold ${how}`, 'after all');
      expect(await turn.end).toMatchObject({ kind: 'completed', text: 'after all' });
      expect(await run(session, `behind ${how}`)).toMatchObject({ kind: 'completed', text: `echo: behind ${how}` });
    });

    if (isAtTerminal(agent)) {
      test('T26: by Ctrl-Z, and typed at since: the line is none of the next prompt', async () => {
        const session = await bench.open('typed');
        await run(session, 'before');
        await stop('typed', 'Ctrl-Z');
        await bench.tmux.keys('claude-typed', 'j', 'u', 'n', 'k');
        expect(await run(session, 'clean')).toMatchObject({ kind: 'completed', text: 'echo: clean' });
        expect(bench.program.prompts().join()).not.toContain('junk');
      });

      test('T26: by Ctrl-Z under an earlier gateway is continued by the next one', async () => {
        const session = await bench.open('earlier');
        await run(session, 'before');
        await stop('earlier', 'Ctrl-Z');
        await bench.restart();
        const adopted = await bench.driver.adopt(await bench.spec('earlier', session.agentSessionId));
        if (adopted === null) throw new Error('not adopted');
        expect(await run(adopted, 'after')).toMatchObject({ kind: 'completed', text: 'echo: after' });
      });

      test('T26: by Ctrl-Z, and not needed, is put to sleep with its conversation', async () => {
        const session = await bench.open('sleepy');
        await run(session, 'before the sleep');
        await stop('sleepy', 'Ctrl-Z');
        expect(await session.sleep()).toBe(true);
        const next = await bench.driver.open(await bench.spec('sleepy', session.agentSessionId), never);
        expect(next.agentSessionId).toBe(session.agentSessionId);
      });
    }
  });
}
