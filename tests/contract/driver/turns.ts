import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentName } from '../../../src/core/model/agent.ts';
import type { AgentSession, TurnEnd } from '../../../src/core/ports/agent.ts';
import type { Arrival } from '../../../src/core/ports/agent.ts';
import { type Bench, isAtTerminal, never, observe, openBench, type OpenProgram, run } from './fixtures.ts';

export function describeTurns(open: OpenProgram, agent: AgentName): void {
  describe('turns', () => {
    let bench: Bench;
    let session: AgentSession;

    beforeAll(async () => {
      bench = await openBench(open);
      session = await bench.open('turns');
    });
    afterAll(() => bench.close());

    const asked = (): string | undefined => bench.program.prompts().at(-1);

    test('a turn passes its steps in order and ends with the answer', async () => {
      const steps: string[] = [];
      const end = await session.runTurn('hello', observe(steps), never);
      expect(end).toMatchObject({ kind: 'completed', text: 'echo: hello' });
      expect(steps).toEqual(['prepared', 'submitting', 'working']);
      expect(asked()).toBe('hello');
    });

    test('twenty turns in a row keep their order and their own answers', async () => {
      const ends: TurnEnd[] = [];
      for (let index = 0; index < 20; index += 1) ends.push(await run(session, `turn ${index}`));
      const expected = Array.from({ length: 20 }, (_, index) => `turn ${index}`);
      expect(ends).toMatchObject(expected.map((prompt) => ({ kind: 'completed', text: `echo: ${prompt}` })));
      expect(bench.program.prompts().slice(-20)).toEqual(expected);
    });

    test('the same prompt twice is two turns', async () => {
      const before = bench.program.prompts().length;
      expect(await run(session, 'again')).toMatchObject({ kind: 'completed', text: 'echo: again' });
      expect(await run(session, 'again')).toMatchObject({ kind: 'completed', text: 'echo: again' });
      expect(bench.program.prompts().slice(before)).toEqual(['again', 'again']);
    });

    /** Runs it, and tells how it arrived. */
    async function arrive(prompt: string): Promise<Arrival | null> {
      let told: Arrival | null = null;
      const observer = { ...observe(), working: async (arrived: Arrival) => void (told = arrived) };
      expect(await session.runTurn(prompt, observer, never)).toMatchObject({ kind: 'completed' });
      return told;
    }

    test.each([
      ['several lines', 'one\ntwo\n\nthree'],
      ['quotes and dollars', `"a" 'b' $HOME \`id\` $(id) ; \\n`],
      ['emoji', 'ünï 😀 👩‍👩‍👧'],
      ['white space in front', '\n  indented'],
      ['a leading dash', '--help -x'],
      ['a path', '@/etc/hostname what is it'],
      ['a path at the end', 'look at @src/index'],
      ['a path in front', '/usr/bin/env is gone'],
      ['a backslash at the end', 'text\\'],
      ['exit inside a text', 'exit now'],
      ['801 characters', 'x'.repeat(801)],
      ['100 kB', `start ${'0123456789'.repeat(10_000)} end`],
      ['3,000 lines', `${'line\n'.repeat(3000)}end`],
      ['a placeholder', 'say [Pasted text #1 +3 lines] twice'],
      ['tabs', 'all:\n\tcc -o a a.c\n'.trimEnd()],
      ['a shell command', '!touch x'],
      ['a note', '#note'],
      ['a background command', '& x'],
      ['a question mark', '?'],
    ])('%s arrives as written', async (_name, prompt) => {
      expect(await arrive(prompt)).toEqual({ text: prompt, altered: [], lost: null });
      expect(asked()).toBe(prompt);
    });

    if (isAtTerminal(agent)) {
      test.each([
        ['a command', '/help', '\\/help'],
        ['an unknown command', '/nonsense 1', '\\/nonsense 1'],
        ['a command behind white space', ' \n/clear', ' \n\\/clear'],
        ['a lone exit', 'exit', '\\exit'],
        ['quit with white space', ' QUIT', ' \\QUIT'],
      ])('%s is text behind a backslash, and says so', async (_name, prompt, text) => {
        expect(await arrive(prompt)).toEqual({ text, altered: ['escaped'], lost: null });
        expect(asked()).toBe(text);
      });

      test('white space at the end is cut, and says so', async () => {
        expect(await arrive('some text \n\n')).toEqual({ text: 'some text', altered: ['end_trimmed'], lost: null });
      });
    }

    test('a turn that may not be submitted never reaches the agent', async () => {
      const observer = { ...observe(), submitting: () => Promise.reject(new Error('no longer the owner')) };
      const own = await bench.open('refused');
      await expect(own.runTurn('not this', observer, never)).rejects.toThrow('no longer the owner');
      const next = await bench.usable('refused', own);
      expect(await run(next, 'but this')).toMatchObject({ kind: 'completed', text: 'echo: but this' });
      expect(bench.program.prompts()).not.toContain('not this');
    });
  });
}
