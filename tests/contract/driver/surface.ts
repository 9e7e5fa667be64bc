import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openBareAgent, type BareAgent } from '../../helpers/bare-agent.ts';
import type { TranscriptLine } from '../../helpers/driver-rig.ts';
import { until } from '../../helpers/until.ts';
import type { OpenProgram, ScriptedProgram } from './fixtures.ts';
import { surfaceOf, type Surface } from '../../helpers/surface-by-version.ts';

/** An idle composer: two rules, the marker between them, and no turn that could be interrupted. */
const IDLE = /─{10,}\n❯\u00a0*\s*\n─{10,}\n(?!.*esc to interrupt)/;
/** The footer is no proof: for some seconds after a long paste it says `paste again to expand`. */
const WORKING = /\n\S \S+…[\s\S]*─{10,}\n❯/;
/** A command may show a hint behind it. */
const composer = (text: string): RegExp => new RegExp(`─{10,}\\n❯\\s${text}( +\\[\\w+\\])?\\s*\\n─{10,}`);

/** What the agent itself does, which the driver relies on. */
export function describeSurface(open: OpenProgram): void {
  describe('the agent at its own surface', () => {
    let program: ScriptedProgram;
    let agent: BareAgent;
    let surface: Surface;
    let turns = 0;

    beforeAll(async () => {
      program = await open();
      surface = surfaceOf(program.version);
      agent = await openBareAgent(program, ({ prompt }) =>
        prompt === 'refuse me' ? { decision: 'block', reason: 'no' } : {},
      );
      await agent.shows(IDLE);
    });
    afterAll(async () => {
      await agent.close();
      await program.close();
    });

    /** Pastes, presses Enter, and waits for the report. */
    async function send(prompt: string): Promise<string> {
      await agent.paste(prompt);
      await agent.shows(composer(prompt));
      await agent.keys('Enter');
      const { prompt_id: id } = await agent.report('UserPromptSubmit', (turns += 1));
      return String(id);
    }

    const told = (event: string): number => agent.reports.filter(({ hook_event_name: name }) => name === event).length;

    test('its hooks name the session, the transcript and the prompt', async () => {
      const id = await send('first');
      const common = {
        session_id: agent.sessionId,
        transcript_path: expect.stringContaining(`${agent.sessionId}.jsonl`),
      };
      expect(await agent.report('SessionStart')).toMatchObject({ ...common, source: 'startup' });
      expect(await agent.report('UserPromptSubmit')).toMatchObject({ ...common, prompt: 'first', prompt_id: id });
      const said = { delta: 'echo: first', final: true, index: 0 };
      expect(await agent.report('MessageDisplay')).toMatchObject({ ...common, ...said, prompt_id: id });
      const end = { last_assistant_message: 'echo: first', background_tasks: [], stop_hook_active: false };
      expect(await agent.report('Stop')).toMatchObject({ ...common, ...end, prompt_id: id });
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
    });

    test('a file of its own says whether it works', async () => {
      await until(async () => (await agent.activity()) === 'idle');
      await send('hold and say so');
      await until(async () => (await agent.activity()) === 'busy');
      await until(() => program.prompts().some((asked) => asked.startsWith('hold and say so')));
      program.release('hold and say so', 'done');
      await until(async () => (await agent.activity()) === 'idle');
    });

    test('its cursor stands in the composer, behind what is typed', async () => {
      await agent.paste('here');
      const lines = (await agent.shows(composer('here'))).split('\n');
      const row = lines.findLastIndex((line) => line.startsWith('❯'));
      await until(async () => {
        const cursor = await agent.cursor();
        return cursor.row === row && cursor.column >= 2;
      });
      await agent.keys('C-u');
      await agent.shows(IDLE);
    });

    test('its transcript holds the prompt, the answer, the Stop and the duration', async () => {
      const lines = await until(async () => {
        const all = await agent.transcript();
        return all.some(({ subtype }) => subtype === 'turn_duration') ? all : null;
      });
      const kinds = lines.map(({ type, subtype }) => subtype ?? type);
      // The first prompt of a conversation may be written behind its own answer (seen in one of ten).
      const order = ['mode', 'stop_hook_summary', 'turn_duration'];
      // The mode is written again by some versions.
      expect([...new Set(kinds.filter((kind) => order.includes(String(kind))))]).toEqual(order);
      expect(ancestors(lines, 'assistant')).toContain('user');
      const { prompt_id: id } = await agent.report('UserPromptSubmit');
      expect(lines.find(({ type }) => type === 'user')).toMatchObject({
        promptId: id,
        sessionId: agent.sessionId,
        message: { role: 'user', content: 'first' },
        origin: { kind: 'human' },
        promptSource: 'typed',
      });
      expect(lines.find(({ type }) => type === 'assistant')).toMatchObject({
        message: { role: 'assistant', content: [{ type: 'text', text: 'echo: first' }], stop_reason: 'end_turn' },
      });
    });

    /** The types of the lines that this one follows from; their order in the file may be another. */
    function ancestors(lines: readonly TranscriptLine[], type: string): readonly unknown[] {
      const types = [];
      for (let line = lines.find((one) => one['type'] === type); line !== undefined;) {
        const { parentUuid } = line;
        line = lines.find(({ uuid }) => uuid !== undefined && uuid === parentUuid);
        types.push(line?.['type']);
      }
      return types;
    }

    test('a long paste stands as a label, and arrives whole', async () => {
      const stops = told('Stop');
      await agent.paste('a\nb\nc\nd');
      await agent.shows(/❯\s\[Pasted text #1 \+3 lines\]/);
      await agent.keys('Enter');
      const { prompt } = await agent.report('UserPromptSubmit', (turns += 1));
      expect(prompt).toMatch(surface.longPaste('a\nb\nc\nd'));
      await agent.report('Stop', stops + 1);
      await agent.shows(IDLE);
    });

    test('an early Escape puts the prompt back into the composer and tells no Stop', async () => {
      const stops = told('Stop');
      await send('hold early');
      await until(() => program.prompts().includes('hold early'));
      await agent.shows(WORKING);
      await agent.keys('Escape');
      await agent.shows(composer('hold early'));
      await agent.keys('Escape', 'Escape');
      await agent.shows(IDLE);
      expect(told('Stop')).toBe(stops);
      expect(JSON.stringify(await agent.transcript())).not.toContain('[Request interrupted');
    });

    test('a late Escape is noted in the transcript and tells no Stop', async () => {
      const stops = told('Stop');
      await send('stream late');
      await agent.shows(/● line 0/);
      await agent.keys('Escape');
      await agent.shows(/⎿\s+Interrupted/);
      const lines = await until(async () => {
        const all = await agent.transcript();
        return JSON.stringify(all).includes('[Request interrupted by user]') ? all : null;
      });
      const [partial, interrupted] = lines.filter(({ type }) => type === 'assistant' || type === 'user').slice(-2);
      expect(partial).toMatchObject({ type: 'assistant', message: { content: [{ type: 'text', text: 'line 0\n' }] } });
      expect(interrupted).toMatchObject({ type: 'user' });
      expect(told('Stop')).toBe(stops);
      await agent.shows(IDLE);
    });

    test('a prompt that is entered while a turn runs is a turn of its own afterwards', async () => {
      const stops = told('Stop');
      const held = await send('hold queue');
      await until(() => program.prompts().includes('hold queue'));
      await agent.paste('queued');
      await agent.shows(composer('queued'));
      await agent.keys('Enter');
      await agent.shows(/Press up to edit queued messages/);
      const isReportedAtOnce = surface.queuedPrompt === 'reported when it is entered';
      expect(told('UserPromptSubmit')).toBe(isReportedAtOnce ? turns + 1 : turns);
      program.release('hold queue', 'done');
      expect(await agent.report('Stop', stops + 1)).toMatchObject({ prompt_id: held, last_assistant_message: 'done' });
      const { prompt_id: own } = await agent.report('Stop', stops + 2);
      expect(own).not.toBe(held);
      expect(await agent.report('UserPromptSubmit', (turns += 1))).toMatchObject({
        prompt: 'queued',
        prompt_id: isReportedAtOnce ? held : own,
      });
      expect(told('UserPromptSubmit')).toBe(turns);
      await agent.shows(IDLE);
    });

    test('a prompt that its hook refuses reaches no model', async () => {
      const asked = program.prompts().length;
      await agent.paste('refuse me');
      await agent.shows(composer('refuse me'));
      await agent.keys('Enter');
      expect(await agent.report('UserPromptSubmit', (turns += 1))).toMatchObject({ prompt: 'refuse me' });
      await agent.shows(/UserPromptSubmit operation blocked by hook/);
      if (surface.refusedPrompt === 'is put back') {
        await agent.shows(composer('refuse me'));
        await agent.keys('Escape', 'Escape');
      }
      await agent.shows(IDLE);
      expect(program.prompts()).toHaveLength(asked);
    });

    test('an unknown command is told on the screen and nowhere else', async () => {
      const before = agent.reports.length;
      await agent.paste('/nonsense ');
      await agent.shows(composer('/nonsense'));
      await agent.keys('Enter');
      await agent.shows(/Unknown command: \/nonsense/);
      expect(agent.reports).toHaveLength(before);
      await agent.shows(IDLE);
    });

    test('Escape twice on an empty composer opens the rewind dialog', async () => {
      await agent.keys('Escape', 'Escape');
      await agent.shows(/Rewind[\s\S]*❯ \(current\)/);
      await agent.keys('Escape');
      await agent.shows(IDLE);
    });

    test('the cursor shows only after Ctrl-Z, and until SIGCONT, which harms nothing at any other time', async () => {
      await agent.signal('SIGCONT');
      expect(await agent.showsCursor()).toBe(false);
      // A key that comes while it draws may be lost.
      await until(async () => {
        await agent.keys('C-z');
        return until(() => agent.showsCursor(), 2_000).catch(() => false);
      });
      await agent.shows(/suspended/);
      await agent.signal('SIGCONT');
      await until(async () => !(await agent.showsCursor()));
      await agent.shows(IDLE);
    });

    test('/clear goes on under another session id', async () => {
      await agent.paste('/clear ');
      await agent.shows(composer('/clear'));
      await agent.keys('Enter');
      expect(await agent.report('SessionEnd')).toMatchObject({ session_id: agent.sessionId, reason: 'clear' });
      const begun = await agent.report('SessionStart', 2);
      expect(begun).toMatchObject({ source: 'clear' });
      expect(begun['session_id']).not.toBe(agent.sessionId);
      await agent.shows(IDLE);
    });

    test('/exit ends it', async () => {
      await agent.paste('/exit ');
      await agent.shows(composer('/exit'));
      await agent.keys('Enter');
      await agent.ended();
      expect(await agent.report('SessionEnd', 2)).toMatchObject({ reason: 'prompt_input_exit' });
    });
  });
}
