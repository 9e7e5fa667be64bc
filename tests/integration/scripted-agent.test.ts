import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentSession, TurnEnd, TurnObserver } from '../../src/core/ports/agent.ts';
import type { Rule } from '../helpers/scripted-agent/script.ts';
import { openScriptedRig, type ScriptedRig } from '../helpers/scripted-rig.ts';
import { until } from '../helpers/until.ts';

const never = new AbortController().signal;
const observer: TurnObserver = {
  prepared: async () => {},
  submitting: async () => {},
  working: async () => {},
  asked: async () => ({ allow: false, message: 'Nobody is here.', remember: false, answers: null, mode: null }),
  noticed() {},
};

const question = { question: 'Which one?', header: 'One', options: [{ label: 'Red' }, { label: 'Blue' }] };
const RULES: readonly Rule[] = [
  { match: '^flood', do: { text: 'x'.repeat(1000), times: 1000 } },
  { match: '^limit', do: { failure: 'rate_limit', text: 'You have hit your limit' } },
  { match: '^retry', do: { retry: 30, text: 'at last' } },
  { match: '^swallow', do: { swallowEnter: 1 } },
  { match: '^twice', do: { doubledStop: true } },
  { match: '^task', do: { background: { ms: 50, text: 'the task is done' }, text: 'a task runs' } },
  { match: '^question', do: { ask: { tool: 'AskUserQuestion', input: { questions: [question] }, denied: 'nobody' } } },
  { match: '^die', do: { exit: { code: 139, when: 'after' } } },
  { match: '^vanish', do: { exit: { code: 1, when: 'before' } } },
  { match: '^empty', do: { text: '' } },
  { match: '^say (\\w+)', do: { text: 'said {1}' } },
];

describe('the scripted agent does what its script says', () => {
  let rig: ScriptedRig;
  let session: AgentSession;

  beforeAll(async () => {
    rig = await openScriptedRig(RULES);
    session = await open('one');
  });
  afterAll(() => rig.close());

  const open = async (workspace: string): Promise<AgentSession> =>
    rig.driver.open({ workspace, cwd: await rig.workspace(workspace), agentSessionId: null }, never);
  const run = (prompt: string, own = session): Promise<TurnEnd> => own.runTurn(prompt, observer, never);
  const noted = (event: string, prompt: string): number =>
    rig.agent.journal().filter((entry) => entry.event === event && entry.prompt === prompt).length;

  test('answers with what was matched', async () => {
    expect(await run('say hello')).toMatchObject({ kind: 'completed', text: 'said hello' });
    expect([noted('prompt', 'say hello'), noted('stop', 'say hello')]).toEqual([1, 1]);
  });

  test('a megabyte', async () => {
    expect(await run('flood')).toMatchObject({ kind: 'completed', text: 'x'.repeat(1_000_000) });
  });

  test('nothing', async () => {
    expect(await run('empty')).toMatchObject({ kind: 'completed', text: '' });
  });

  test('a failure of a kind', async () => {
    const end = { kind: 'failed', reason: 'usage_limited', error: 'You have hit your limit' };
    expect(await run('limit')).toMatchObject(end);
  });

  test('an outage that it rides out', async () => {
    const end = run('retry');
    await until(async () => /attempt \d+\/10/.test((await rig.driver.screen('one')) ?? ''));
    expect(await end).toMatchObject({ kind: 'completed', text: 'at last' });
  });

  test('an Enter that is swallowed', async () => {
    expect(await run('swallow it')).toMatchObject({ kind: 'completed', text: 'echo: swallow it' });
    expect(noted('prompt', 'swallow it')).toBe(1);
  });

  test('a Stop that comes twice', async () => {
    expect(await run('twice')).toMatchObject({ kind: 'completed', text: 'echo: twice' });
    expect(await run('next')).toMatchObject({ kind: 'completed', text: 'echo: next' });
    expect(noted('stop', 'twice')).toBe(2);
  });

  test('a question whose dialog the gateway refuses', async () => {
    expect(await run('question')).toMatchObject({ kind: 'completed', text: 'nobody' });
  });

  test('an end after and before the prompt is reported', async () => {
    const [first, second] = await Promise.all([open('two'), open('three')]);
    expect(await run('die', first)).toMatchObject({ kind: 'failed', reason: 'agent_exited' });
    expect(noted('prompt', 'die')).toBe(1);
    expect(await run('vanish', second)).toMatchObject({ kind: 'unsubmitted' });
    expect(noted('prompt', 'vanish')).toBe(0);
  });

  test('background work that wakes it again', async () => {
    // Whether this ends the turn is the driver's matter.
    void run('task', await open('four'));
    await until(async () => (await rig.driver.screen('four'))?.includes('● the task is done'));
    const woken = await until(() =>
      rig.agent.journal().find(({ event, prompt }) => event === 'stop' && prompt.startsWith('<task-notification>')),
    );
    expect(woken.prompt).toContain('<status>completed</status>');
    expect(noted('stop', 'task')).toBe(1);
  });
});
