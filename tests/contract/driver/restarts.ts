import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentName } from '../../../src/core/model/agent.ts';
import type { RejoinedTurn, TurnPast, TurnTrace } from '../../../src/core/ports/agent.ts';
import { until } from '../../helpers/until.ts';
import {
  beginTurn,
  type BegunTurn,
  type Bench,
  isAtTerminal,
  never,
  observe,
  openBench,
  type OpenProgram,
  run,
} from './fixtures.ts';

export function describeRestarts(open: OpenProgram, agent: AgentName): void {
  describe('restarts', () => {
    let bench: Bench;

    beforeAll(async () => {
      bench = await openBench(open);
    });
    afterAll(() => bench.close());

    const trace = async (workspace: string, id: string, past: TurnPast): Promise<TurnTrace> =>
      bench.driver.trace(await bench.spec(workspace, id), past);
    const pastOf = (prompt: string, { offset }: BegunTurn): TurnPast => ({
      prompt,
      transcriptOffset: offset,
      entered: true,
      reported: true,
    });
    const notedPrompt = (id: string, prompt: string): Promise<unknown> =>
      until(async () => JSON.stringify(await bench.transcript(id)).includes(`"content":${JSON.stringify(prompt)}`));

    const ending = isAtTerminal(agent) ? null : 'assistant';
    const notedEnd = (id: string, answer: string): Promise<unknown> =>
      until(async () => {
        const lines = await bench.transcript(id);
        // Others may follow it. `claude -p` notes no more than the answer.
        const end = lines.findLastIndex(({ subtype, type }) => subtype === 'turn_duration' || type === ending);
        return JSON.stringify(lines.slice(0, end + 1)).includes(answer);
      });

    test('a closed session is resumed with its conversation', async () => {
      const session = await bench.open('resumed');
      await run(session, 'before the break');
      // A conversation that is ended before its first prompt is in the file cannot be resumed.
      await notedEnd(session.agentSessionId, 'echo: before the break');
      await session.close();
      const next = await bench.driver.open(await bench.spec('resumed', session.agentSessionId), never);
      expect(next.agentSessionId).toBe(session.agentSessionId);
      expect(await run(next, 'after the break')).toMatchObject({ kind: 'completed', text: 'echo: after the break' });
      await notedPrompt(session.agentSessionId, 'after the break');
      await notedPrompt(session.agentSessionId, 'before the break');
    });

    test('an idle agent is adopted by the next process, and by its own id alone', async () => {
      const session = await bench.kept();
      await run(session, 'by the first');
      await bench.restart();
      expect(await bench.driver.adopt(await bench.spec('kept'))).toBeNull();
      expect(await bench.driver.adopt(await bench.spec('nobody', session.agentSessionId))).toBeNull();
      const adopted = await bench.driver.adopt(await bench.spec('kept', session.agentSessionId));
      if (adopted === null) throw new Error('not adopted');
      expect(adopted.agentSessionId).toBe(session.agentSessionId);
      expect(await run(adopted, 'by the second')).toMatchObject({ kind: 'completed', text: 'echo: by the second' });
      expect(bench.program.prompts().filter((prompt) => prompt === 'by the first')).toHaveLength(1);
    });

    if (isAtTerminal(agent)) {
      test('an agent that has the editor of an earlier gateway is given the one of this', async () => {
        const session = await bench.open('older');
        await run(session, 'by the earlier');
        const { cwd } = await bench.spec('older');
        // It understands nothing that it is asked, and opens one that nobody closes.
        await bench.restart(() =>
          writeFile(path.resolve(cwd, '../../claude/older/door/editor'), '#!/bin/sh\nexec sleep 600\n'),
        );
        const adopted = await bench.driver.adopt(await bench.spec('older', session.agentSessionId));
        if (adopted === null) throw new Error('not adopted');
        expect(await run(adopted, 'by this')).toMatchObject({ kind: 'completed', text: 'echo: by this' });
      });

      test('a person’s /clear while no gateway ran: the next prompt is compared, and sent once', async () => {
        const session = await bench.open('cleared');
        await run(session, 'before it was cleared');
        await bench.restart(async () => {
          await bench.tmux.paste('claude-cleared', '/clear ');
          await until(async () => /❯\s\/clear/.test((await bench.tmux.capture('claude-cleared')) ?? ''));
          await bench.tmux.keys('claude-cleared', 'Enter');
          await until(async () => /─\n❯\s*\n─/.test((await bench.tmux.capture('claude-cleared')) ?? ''));
        });
        const adopted = await bench.driver.adopt(await bench.spec('cleared', session.agentSessionId));
        if (adopted === null) throw new Error('not adopted');
        expect(await run(adopted, 'behind the clear')).toMatchObject({
          kind: 'completed',
          text: 'echo: behind the clear',
        });
        expect(adopted.agentSessionId).not.toBe(session.agentSessionId);
        expect(bench.program.prompts().filter((prompt) => prompt.trimEnd().endsWith('behind the clear'))).toHaveLength(
          1,
        );
      });
    }

    test('a turn that works on is rejoined and gets its answer', async () => {
      const session = await bench.kept();
      const turn = await beginTurn(bench, session, 'hold rejoined');
      await bench.restart();
      const found = await trace('kept', session.agentSessionId, pastOf('hold rejoined', turn));
      if (found.kind !== 'alive') throw new Error(found.kind);
      const end = found.session.rejoinTurn(rejoined('hold rejoined', turn.offset), observe(), never);
      bench.program.release('hold rejoined', 'late answer');
      expect(await end).toMatchObject({ kind: 'completed', text: 'late answer' });
      expect(bench.program.prompts().filter((prompt) => prompt === 'hold rejoined')).toHaveLength(1);
    });

    test('a turn that ended while no gateway listened is read from its transcript', async () => {
      const session = await bench.kept();
      const turn = await beginTurn(bench, session, 'hold missed');
      await bench.restart(async () => {
        bench.program.release('hold missed', 'missed answer');
        await notedEnd(session.agentSessionId, 'missed answer');
      });
      const found = await trace('kept', session.agentSessionId, pastOf('hold missed', turn));
      if (found.kind !== 'alive') throw new Error(found.kind);
      const end = found.session.rejoinTurn(rejoined('hold missed', turn.offset), observe(), never);
      expect(await end).toMatchObject({ kind: 'completed', text: 'missed answer' });
    });

    test('a turn whose agent has answered and gone is answered', async () => {
      const session = await bench.open('answered');
      // In a new conversation the answer may stand before its prompt: see surface.ts.
      await run(session, 'begin');
      let offset = -1;
      await session.runTurn('answer this', { ...observe(), prepared: async (at) => void (offset = at) }, never);
      await notedEnd(session.agentSessionId, 'echo: answer this');
      await bench.restart(() => kill('answered'));
      const past = { prompt: 'answer this', transcriptOffset: offset, entered: true, reported: true };
      expect(await trace('answered', session.agentSessionId, past)).toMatchObject({
        kind: 'ended',
        end: { kind: 'completed', text: 'echo: answer this' },
      });
    });

    test('a turn whose agent was killed behind the prompt is cut off', async () => {
      const session = await bench.open('cut');
      const turn = await beginTurn(bench, session, 'hold cut');
      await notedPrompt(session.agentSessionId, 'hold cut');
      await bench.restart(() => kill('cut'));
      expect(await trace('cut', session.agentSessionId, pastOf('hold cut', turn))).toMatchObject({
        kind: 'cut_off',
        text: null,
      });
    });

    test('a turn that nothing proves leaves no agent behind', async () => {
      const session = await bench.open('unproven');
      await run(session, 'something else');
      const past = { prompt: 'never sent', transcriptOffset: 0, entered: true, reported: false };
      await bench.restart();
      expect(await trace('unproven', session.agentSessionId, past)).toEqual({ kind: 'no_proof' });
      expect(await bench.driver.screen('unproven')).toBeNull();
      expect(bench.program.prompts()).not.toContain('never sent');
    });

    if (isAtTerminal(agent)) {
      test('a turn whose Enter was not pressed is unsubmitted, and its pasted text does not reach the next prompt', async () => {
        const session = await bench.kept();
        await bench.tmux.paste('claude-kept', 'pasted and left');
        await bench.restart();
        const past = { prompt: 'pasted and left', transcriptOffset: 0, entered: false, reported: false };
        const found = await trace('kept', session.agentSessionId, past);
        if (found.kind !== 'unsubmitted' || found.session === null) throw new Error(found.kind);
        expect(await run(found.session, 'the next')).toMatchObject({ kind: 'completed', text: 'echo: the next' });
        expect(bench.program.prompts().join()).not.toContain('pasted and left');
      });

      test('a turn whose text still stands in the composer gets its Enter', async () => {
        const session = await bench.kept();
        await run(session, 'make it idle');
        await bench.tmux.paste('claude-kept', 'typed and waiting');
        await until(async () => (await bench.driver.screen('kept'))?.includes('typed and waiting'));
        await bench.restart();
        const past = { prompt: 'typed and waiting', transcriptOffset: 0, entered: true, reported: false };
        const found = await trace('kept', session.agentSessionId, past);
        if (found.kind !== 'alive') throw new Error(found.kind);
        const steps: string[] = [];
        const end = await found.session.rejoinTurn(rejoined('typed and waiting', 0), observe(steps), never);
        expect(end).toMatchObject({ kind: 'completed', text: 'echo: typed and waiting' });
        expect(steps).toEqual(['enter.repeated', 'working']);
      });

      // The last one: agents of the tests before it report to the first port.
      test('an agent that reports elsewhere is not given a prompt: a fresh one is, with the conversation', async () => {
        const session = await bench.open('deaf');
        await run(session, 'heard');
        await notedEnd(session.agentSessionId, 'echo: heard');
        await bench.restart(undefined, 'other');
        const adopted = await bench.driver.adopt(await bench.spec('deaf', session.agentSessionId));
        if (adopted === null) throw new Error('not adopted');
        expect(await run(adopted, 'not to the deaf one')).toMatchObject({ kind: 'unsubmitted' });
        const fresh = await bench.usable('deaf', adopted);
        expect(fresh.agentSessionId).toBe(session.agentSessionId);
        expect(await run(fresh, 'heard again')).toMatchObject({ kind: 'completed', text: 'echo: heard again' });
        expect(bench.program.prompts()).not.toContain('not to the deaf one');
      });
    }

    /** Its program is gone when this resolves. */
    async function kill(workspace: string): Promise<void> {
      process.kill(await bench.pid(`claude-${workspace}`), 'SIGKILL');
      await until(async () => (await bench.tmux.pane(`claude-${workspace}`))?.dead);
    }
  });
}

function rejoined(prompt: string, transcriptOffset: number): RejoinedTurn {
  return { prompt, transcriptOffset, begunAt: Date.now(), open: [], told: [], traceparent: null };
}
