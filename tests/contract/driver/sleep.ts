import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentName } from '../../../src/core/model/agent.ts';
import type { AgentSession } from '../../../src/core/ports/agent.ts';
import { attachPerson, untilAnswered } from '../../helpers/person.ts';
import { until } from '../../helpers/until.ts';
import { beginTurn, type Bench, isAtTerminal, never, openBench, type OpenProgram, run } from './fixtures.ts';

export function describeSleep(open: OpenProgram, agent: AgentName): void {
  describeSleepAgain(open, 2);

  describe('sleep', () => {
    let bench: Bench;

    beforeAll(async () => {
      bench = await openBench(open);
    });
    afterAll(() => bench.close());

    test('right after the first turn of a conversation keeps it, too', async () => {
      const session = await bench.open('first');
      await run(session, 'the first');
      expect(await session.sleep()).toBe(true);
      const next = await resume(bench, 'first', session);
      await run(next, 'the second');
      expect(await knew(bench, 'the second', next)).toContain('echo: the first');
      await next.close();
    });

    test('is told as an exit', async () => {
      const session = await bench.open('told');
      expect(await session.sleep()).toBe(true);
      await session.exited;
      expect(await session.sleep()).toBe(true);
    });

    test('is refused while a turn runs, and after it is not', async () => {
      const session = await bench.open('turn');
      const turn = await beginTurn(bench, session, 'hold the sleep');
      expect(await session.sleep()).toBe(false);
      bench.program.release('hold the sleep', 'done');
      expect(await turn.end).toMatchObject({ kind: 'completed', text: 'done' });
      expect(await session.sleep()).toBe(true);
    });

    test('is refused while a person is attached', async () => {
      const session = await bench.open('person');
      await run(session, 'before the person');
      const person = await attachPerson(bench.tmux.socket, 'person');
      expect(await session.sleep()).toBe(false);
      await person.leave();
      expect(await session.sleep()).toBe(true);
    });

    if (isAtTerminal(agent)) {
      test('is refused while a turn of a person’s own runs, also when the person has gone', async () => {
        const session = await bench.open('own');
        await prompt('own', 'hold my own');
        await until(() => bench.program.prompts().some((asked) => asked.trimEnd() === 'hold my own'));
        expect(await session.sleep()).toBe(false);
        bench.program.release('hold my own', 'yours');
        await until(async () => (await bench.driver.screen('own'))?.includes('● yours'));
        await until(() => session.sleep());
      });

      test('is refused while a permission dialog stands', async () => {
        const session = await bench.open('dialog');
        await prompt('dialog', 'write for me');
        await until(async () => (await bench.driver.screen('dialog'))?.includes('Do you want to'));
        expect(await session.sleep()).toBe(false);
        await untilAnswered(
          async () => (await bench.driver.screen('dialog')) ?? '',
          () => bench.tmux.keys('claude-dialog', 'Escape'),
        );
        expect(await session.sleep()).toBe(true);
      });

      test('is refused while work runs in the background', async () => {
        const session = await bench.open('work');
        await prompt('work', 'background job');
        await until(async () => (await bench.driver.screen('work'))?.includes('● It runs.'));
        expect(await session.sleep()).toBe(false);
        expect(await bench.driver.screen('work')).not.toBeNull();
        await session.close();
      });

      test('is refused for work in the background that was begun under an earlier gateway', async () => {
        const session = await bench.open('earlier');
        await prompt('earlier', 'background earlier');
        // The footer of an agent whose turn is over; a notice may stand beside it.
        await until(async () => /\d+ shell · ↓ to manage/.test((await bench.driver.screen('earlier')) ?? ''));
        await bench.restart();
        const adopted = await bench.driver.adopt(await bench.spec('earlier', session.agentSessionId));
        expect(await adopted?.sleep()).toBe(false);
        await adopted?.close();
      });

      test('is granted while a menu stands that somebody left', async () => {
        const session = await bench.open('menu');
        await run(session, 'before the menu');
        const screen = async (): Promise<string> => (await bench.driver.screen('menu')) ?? '';
        await until(async () =>
          /● echo: before the menu[\s\S]*─\n❯\s*\n─+\n(?!.*esc to interrupt)/.test(await screen()),
        );
        // A key that comes while the end is drawn may be lost.
        await until(async () => {
          await bench.tmux.keys('claude-menu', 'Escape', 'Escape');
          return until(async () => (await screen()).includes('Rewind'), 2_000).catch(() => false);
        });
        expect(await session.sleep()).toBe(true);
      });
    }

    test('an agent that lives is shown with its memory, its people and the line to attach', async () => {
      const session = await bench.open('shown');
      const person = await attachPerson(bench.tmux.socket, 'shown');
      const other = await bench.open('other');
      const details = await bench.driver.inspect(['shown', 'other', 'unknown']);
      expect([...details.keys()]).toEqual(['shown', 'other']);
      expect(details.get('shown')).toMatchObject({
        attach: `tmux -S ${bench.tmux.socket} attach -t '=claude-shown'`,
        attached: 1,
        process: { pid: await bench.pid('claude-shown') },
      });
      expect(details.get('other')?.attached).toBe(0);
      const { processes = 0, memoryBytes = 0, startedAt = 0 } = details.get('shown')?.process ?? {};
      expect(processes).toBeGreaterThan(0);
      expect(memoryBytes).toBeGreaterThan(30_000_000);
      expect(Math.abs(Date.now() - startedAt)).toBeLessThan(60_000);
      await person.leave();
      await Promise.all([session.close(), other.close()]);
    });

    /** As a person enters it. */
    async function prompt(workspace: string, text: string): Promise<void> {
      const screen = async (): Promise<string> => (await bench.driver.screen(workspace)) ?? '';
      await until(async () => /─\n❯[^\n]*\n─/.test(await screen()));
      await bench.tmux.paste(`claude-${workspace}`, text);
      await until(async () => new RegExp(`❯\\s${text}`).test(await screen()));
      const isTaken = async (): Promise<boolean> => !new RegExp(`─\\n❯\\s${text}`).test(await screen());
      // An Enter may be lost, and a second one would answer the dialog that the first one led to.
      await until(async () => {
        await bench.tmux.keys(`claude-${workspace}`, 'Enter');
        return until(isTaken, 2_000).catch(() => false);
      });
    }
  });
}

/** Rounds of a turn and a sleep, each followed by a look at what the agent still knows. */
export function describeSleepAgain(open: OpenProgram, rounds: number): void {
  describe('sleep, again and again', () => {
    let bench: Bench;

    beforeAll(async () => {
      bench = await openBench(open);
    });
    afterAll(() => bench.close());

    test(`right after a turn keeps its prompt and its answer, ${rounds} times in a row, in two sessions at once`, async () => {
      await Promise.all(['first', 'second'].map(sleepAndGoOn));
    }, 240_000);

    async function sleepAndGoOn(name: string): Promise<void> {
      const workspace = `kept-${name}`;
      let session = await bench.open(workspace);
      await run(session, `${name} turn 0`);
      for (let turn = 1; turn <= rounds; turn += 1) {
        expect(await session.sleep()).toBe(true);
        expect(await bench.driver.screen(workspace)).toBeNull();
        const next = await resume(bench, workspace, session);
        expect(next.agentSessionId).toBe(session.agentSessionId);
        session = next;
        await run(session, `${name} turn ${turn}`);
        const known = await knew(bench, `${name} turn ${turn}`, session);
        for (let earlier = 0; earlier < turn; earlier += 1) {
          expect(known).toMatch(new RegExp(`(?<!echo: )${name} turn ${earlier}\\b`));
          expect(known).toMatch(new RegExp(`echo: ${name} turn ${earlier}\\b`));
        }
      }
    }
  });
}

async function resume(bench: Bench, workspace: string, { agentSessionId }: AgentSession): Promise<AgentSession> {
  return bench.driver.open(await bench.spec(workspace, agentSessionId), never);
}

/** What the agent knew when it was asked this. */
async function knew(bench: Bench, prompt: string, { agentSessionId }: AgentSession): Promise<string> {
  return bench.program.knew(prompt) ?? JSON.stringify(await bench.transcript(agentSessionId));
}
