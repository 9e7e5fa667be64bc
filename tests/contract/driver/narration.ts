import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentSession, Notice, TurnObserver } from '../../../src/core/ports/agent.ts';
import { ALLOW } from '../../helpers/examples.ts';
import { until } from '../../helpers/until.ts';
import { beginTurn, never, observe, openBench, type Bench, type OpenProgram } from './fixtures.ts';

const textOf = (told: readonly Notice[]): string =>
  told.flatMap(({ type, data }) => (type === 'agent.said' ? String(data['text']) : [])).join('');

export function describeNarration(open: OpenProgram): void {
  describe('what the agent says and does', () => {
    let bench: Bench;
    let session: AgentSession;

    beforeAll(async () => {
      bench = await openBench(open);
      session = await bench.open('narrated');
    });
    afterAll(() => bench.close());

    test.each([
      ['a word', 'hello'],
      ['several lines', 'one\n\n- two\n- three'],
      ['a hundred kB', `start ${'0123456789'.repeat(10_000)} end`],
    ])('the pieces of an answer, joined, are the answer: %s', async (_name, prompt) => {
      const told: Notice[] = [];
      const end = await session.runTurn(prompt, observe([], told), never);
      // The real CLI cuts white space at the end of an answer; its pieces have it.
      expect(end.kind === 'completed' ? end.text.trimEnd() : end).toBe(`echo: ${prompt}`);
      expect(textOf(told).trimEnd()).toBe(`echo: ${prompt}`);
      expect(told.at(-1)?.data).toMatchObject({ final: true });
    });

    test('a tool is told when it begins and when it has ended', async () => {
      const told: Notice[] = [];
      const observer: TurnObserver = { ...observe([], told), asked: async () => ALLOW };
      await session.runTurn('write narrated', observer, never);
      const [started, ended] = told.filter(({ type }) => type.startsWith('tool.'));
      expect(started).toEqual({
        type: 'tool.started',
        data: { toolUseId: expect.any(String), tool: 'Write', summary: expect.stringMatching(/^\//), subagent: null },
      });
      expect(ended).toMatchObject({
        type: 'tool.ended',
        data: { toolUseId: started?.data['toolUseId'], tool: 'Write', ok: true },
      });
    });

    test('what was said while no gateway listened is told by the next one, once', async () => {
      const turn = await beginTurn(bench, session, 'hold narrated');
      await bench.restart(async () => {
        bench.program.release('hold narrated', 'said to nobody\nin two lines');
        await until(async () => JSON.stringify(await bench.transcript(session.agentSessionId)).includes('to nobody'));
      });
      const past = { prompt: 'hold narrated', transcriptOffset: turn.offset };
      const found = await bench.driver.trace(await bench.spec('narrated', session.agentSessionId), {
        ...past,
        entered: true,
        reported: true,
      });
      if (found.kind !== 'alive') throw new Error(found.kind);
      const told: Notice[] = [];
      const end = await found.session.rejoinTurn(
        { ...past, begunAt: Date.now(), open: [], told: [], traceparent: null },
        observe([], told),
        never,
      );
      expect(end).toMatchObject({ kind: 'completed', text: 'said to nobody\nin two lines' });
      expect(textOf(told)).toBe('said to nobody\nin two lines');
    });
  });
}
