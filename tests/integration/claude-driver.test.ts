import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentSession, TurnEnd, TurnObserver } from '../../src/core/ports/agent.ts';
import { openClaudeRig, type ClaudeRig } from '../helpers/claude-rig.ts';
import { until } from '../helpers/until.ts';

const never = new AbortController().signal;

function observe(steps: string[] = []): TurnObserver {
  return {
    prepared: async (offset) => void steps.push(`prepared ${offset}`),
    submitting: async () => void steps.push('submitting'),
    working: async () => void steps.push('working'),
    noticed: ({ type, data }) => void steps.push(`${type} ${Object.values(data).join(' ')}`.trim()),
  };
}

describe('the claude driver with the real CLI', () => {
  let rig: ClaudeRig;
  let session: AgentSession;
  const held = new Map<string, PromiseWithResolvers<string>>();

  beforeAll(async () => {
    rig = await openClaudeRig((prompt) => {
      if (prompt.startsWith('hold')) {
        const gate = Promise.withResolvers<string>();
        held.set(prompt.trimEnd(), gate);
        return gate.promise;
      }
      if (prompt.startsWith('write')) {
        return {
          tool: 'Write',
          input: { file_path: `${rig.home}/forbidden`, content: 'x' },
          answer: 'I was not allowed.',
        };
      }
      return `echo: ${prompt}`;
    });
    session = await rig.driver.open({ workspace: 'one', cwd: await rig.workspace('one'), agentSessionId: null }, never);
  }, 60_000);

  afterAll(async () => {
    for (const gate of held.values()) gate.resolve('late');
    await rig.close();
  });

  const run = (prompt: string, signal = never): Promise<TurnEnd> => session.runTurn(prompt, observe(), signal);

  test('a turn passes its steps in order and ends with the answer', async () => {
    const steps: string[] = [];
    const end = await session.runTurn('hello', observe(steps), never);
    expect(end).toEqual({ kind: 'completed', text: 'echo: hello', usage: null });
    expect(steps).toEqual(['prepared 0', 'submitting', 'working']);
  });

  test.each([
    ['several lines', 'one\ntwo\n\nthree'],
    ['quotes and dollars', `"a" 'b' $HOME \`id\` $(id) ; \\n`],
    ['emoji', 'ünï 😀 👩‍👩‍👧 e\u0301'],
    ['white space in front', '\n  indented'],
    ['a leading dash', '--help -x'],
    ['an attachment', '@/etc/hostname what is it'],
    ['a path at the end', 'look at @src/index'],
    ['a backslash at the end', 'text\\'],
    ['a semicolon at the end', 'text;'],
    ['exit', 'exit'],
    ['quit with white space', ' quit\n'],
    [':q', ':q'],
    ['exit inside a text', 'exit now'],
    ['100 kB', `start ${'0123456789'.repeat(10_000)} end`],
    ['3,000 lines', `${'line\n'.repeat(3000)}end`],
    ['a placeholder', 'say [Pasted text #1 +3 lines] twice'],
  ])('%s reaches the model as written', async (_name, prompt) => {
    expect(await run(prompt)).toMatchObject({ kind: 'completed' });
    expect(rig.model.prompts.at(-1)?.trimEnd()).toBe(prompt.normalize('NFC').trimEnd());
  });

  test('a tab becomes four spaces, as in every paste into the CLI', async () => {
    expect(await run('a\tb')).toMatchObject({ kind: 'completed', text: 'echo: a    b' });
  });

  test.each([['!touch x'], ['/help'], ['/nonsense'], ['#note'], ['?'], ['& x']])(
    '%s is text behind one space',
    async (prompt) => {
      const end = await run(prompt);
      expect(end.kind).toBe('completed');
      expect(rig.model.prompts.at(-1)).toBe(` ${prompt}`);
    },
  );

  test('a permission prompt is denied and the agent goes on', async () => {
    const steps: string[] = [];
    const end = await session.runTurn('write a file', observe(steps), never);
    expect(end).toMatchObject({ kind: 'completed', text: 'I was not allowed.' });
    expect(steps).toContain('permission.denied Write');
  });

  test('an interrupted turn does not reach into the next one, and the conversation goes on', async () => {
    const stop = new AbortController();
    const steps: string[] = [];
    const turn = session.runTurn('hold this', observe(steps), stop.signal);
    await until(() => steps.includes('working') && held.has('hold this'));
    stop.abort();
    expect(await turn).toEqual({ kind: 'interrupted', text: null });
    expect(await run('after')).toMatchObject({ kind: 'completed', text: 'echo: after' });
    expect(rig.model.count('hold this')).toBe(1);
  });

  test('a later process rejoins a turn and gets its answer', async () => {
    const steps: string[] = [];
    const cut = new AbortController();
    void session.runTurn('hold for restart', observe(steps), cut.signal);
    await until(() => steps.includes('working') && held.has('hold for restart'));
    const spec = { workspace: 'one', cwd: await rig.workspace('one'), agentSessionId: session.agentSessionId };
    const offset = Number(steps[0]?.split(' ')[1]);
    const driver = await rig.restart();
    const trace = await driver.trace(spec, {
      prompt: 'hold for restart',
      transcriptOffset: offset,
      entered: true,
      reported: true,
    });
    if (trace.kind !== 'alive') throw new Error(trace.kind);
    session = trace.session;
    const turn = session.rejoinTurn('hold for restart', offset, observe(), never);
    held.get('hold for restart')?.resolve('late answer');
    expect(await turn).toMatchObject({ kind: 'completed', text: 'late answer' });
    expect(rig.model.count('hold for restart')).toBe(1);
  });

  test('an agent that is killed in mid-turn ends the turn with its reason', async () => {
    const steps: string[] = [];
    const turn = session.runTurn('hold and die', observe(steps), never);
    await until(() => steps.includes('working'));
    const pane = await rig.tmux.pane('claude-one');
    process.kill(await childOf(pane?.pid ?? 0), 'SIGKILL');
    expect(await turn).toMatchObject({ kind: 'failed', reason: 'agent_exited' });
    await session.exited;
    expect(await rig.tmux.pane('claude-one')).toBeNull();
  });
});

async function childOf(pid: number): Promise<number> {
  return Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ')[0]);
}

describe('an agent that cannot start', () => {
  test('tells the last lines of its screen', async () => {
    const rig = await openClaudeRig(undefined, { bin: '/bin/false' });
    try {
      const opening = rig.driver.open({ workspace: 'w', cwd: await rig.workspace('w'), agentSessionId: null }, never);
      await expect(opening).rejects.toMatchObject({ name: 'AgentStartError', reason: 'agent_exited' });
    } finally {
      await rig.close();
    }
  });
});
