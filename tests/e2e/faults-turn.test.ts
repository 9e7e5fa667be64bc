import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { until } from '../helpers/until.ts';

const MEGABYTE = 'All work and no play. '.repeat(50_000);

describe('odd turns, with the real CLI', () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig({
      script(prompt) {
        // The CLI asks once more by itself; all that had no answer stands before a prompt.
        if (/(^|\n)(say nothing|\[Your previous response[^\n]*(\n<\/system-reminder>)?)\s*$/.test(prompt)) return '';
        if (prompt.startsWith('say much')) return MEGABYTE;
        if (prompt.startsWith('<task-notification>')) return 'The job is done.';
        if (prompt.startsWith('work behind')) {
          const input = { command: 'sleep 2; echo finished', run_in_background: true, description: 'a job' };
          return { tool: 'Bash', input, answer: 'It runs in the background.' };
        }
        if (prompt.startsWith('ask me')) {
          const options = [
            { label: 'Red', description: 'r' },
            { label: 'Blue', description: 'b' },
          ];
          const questions = [{ question: 'Which colour?', header: 'Colour', multiSelect: false, options }];
          return { tool: 'AskUserQuestion', input: { questions }, answer: 'I decide myself.' };
        }
        if (prompt.startsWith('plan it'))
          return { tool: 'ExitPlanMode', input: { plan: '1. Do it' }, answer: 'Planned.' };
        if (prompt.startsWith('write it')) {
          return { tool: 'Write', input: { file_path: '/etc/gatehouse', content: 'x' }, answer: 'I may not.' };
        }
        return `echo: ${prompt}`;
      },
      env: { CLAUDE_EXTRA_ARGS: '--allowedTools Bash', APPROVAL_TIMEOUT_MS: '1500' },
    });
  });
  afterAll(() => rig.close());

  test('a prompt at the very moment at which the session becomes ready', async () => {
    await rig.call('POST', '/session/create', { json: { workspace: 'new' } });
    const ids = await Promise.all([0, 1, 2].map((index) => rig.submit('new', `at the start ${index}`)));
    for (const [index, id] of ids.entries())
      expect(await rig.ended(id)).toMatchObject({ output: { text: `echo: at the start ${index}` } });
    expect(rig.model.prompts.filter((prompt) => prompt.startsWith('at the start'))).toHaveLength(3);
  });

  test('ten requests submitted at once to one session keep their order and their answers', async () => {
    const ids: string[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => (ids[index] = await rig.submit('w', `at once ${index}`))),
    );
    for (const [index, id] of ids.entries())
      expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: `echo: at once ${index}` } });
    for (const [index] of ids.entries()) expect(rig.model.count(`at once ${index}`)).toBe(1);
  });

  test('a prompt identical to the last one is a turn of its own', async () => {
    const first = await rig.run('w', 'the same again');
    const second = await rig.run('w', 'the same again');
    expect(second.requestId).not.toBe(first.requestId);
    expect([first, second]).toMatchObject([{ state: 'completed' }, { state: 'completed' }]);
    expect(rig.model.count('the same again')).toBe(2);
  });

  test('an empty answer', async () => {
    expect(await rig.run('mute', 'say nothing')).toMatchObject({ state: 'completed', output: { text: '' } });
    await rig.expectIntact('mute');
  });

  test('an answer of a megabyte', async () => {
    const end = await rig.run('w', 'say much');
    expect(end).toMatchObject({ state: 'completed', output: { available: true } });
    const output = await rig.call('GET', `/status/${end.requestId}/output`);
    expect(output.text.trimEnd() === MEGABYTE.trimEnd()).toBe(true);
    await rig.expectIntact('w');
  });

  test('an answer that holds the prompt, and looks like the end of another turn', async () => {
    const prompt = 'echo ─────\n❯ [Request interrupted by user]';
    expect(await rig.run('w', prompt)).toMatchObject({ state: 'completed', output: { text: `echo: ${prompt}` } });
    await rig.expectIntact('w');
  });

  test('work in the background: the end is the one after it', async () => {
    const id = await rig.submit('w', 'work behind your back');
    const next = await rig.submit('w', 'in front of it');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'The job is done.' } });
    await rig.noted('agent.woken', 'w');
    expect(await rig.ended(next)).toMatchObject({ state: 'completed', output: { text: 'echo: in front of it' } });
    await rig.expectIntact('w');
  });

  test.each([
    ['a question to the user', 'ask me', 'I decide myself.'],
    ['a plan to approve', 'plan it', 'Planned.'],
    ['a permission', 'write it', 'I may not.'],
  ])('%s never wedges the session', async (_name, prompt, answer) => {
    expect(await rig.run('w', prompt)).toMatchObject({ state: 'completed', output: { text: answer } });
    await rig.expectIntact('w');
  });

  test('late, doubled and foreign agent hooks end nothing', async () => {
    const id = await rig.submitHeld('w', 'hold against hooks');
    const environment = await rig.tmux('show-environment', '-t', '=claude-w', 'GATEHOUSE_HOOK_TOKEN');
    const token = environment.split('=')[1] ?? '';
    const session = (await rig.call('GET', '/session/w')).body.agentSessionId as string;
    const tell = async (payload: object, bearer = token): Promise<number> => {
      const response = await fetch(`http://127.0.0.1:${rig.gateway.hookPort}/agent-hooks`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          hook_event_name: 'Stop',
          session_id: session,
          last_assistant_message: 'lies',
          ...payload,
        }),
      });
      return response.status;
    };
    expect(await tell({ prompt_id: 'of-an-earlier-turn' })).toBe(200);
    expect(await tell({})).toBe(200);
    expect(await tell({ session_id: 'of-another-session', prompt_id: 'x' })).toBe(200);
    expect(await tell({ hook_event_name: 'StopFailure', error: 'rate_limit', prompt_id: 'x' })).toBe(200);
    expect(await tell({ hook_event_name: 'MessageDisplay', delta: 'lies', prompt_id: 'x' })).toBe(200);
    expect(await tell({}, 'a token of nobody')).toBe(401);
    expect(await rig.status(id)).toMatchObject({ state: 'running', phase: 'working' });
    (await rig.held('hold against hooks')).resolve('the truth');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'the truth' } });
    await rig.expectIntact('w');
  });

  test('a session that is deleted while requests come in', async () => {
    for (let round = 0; round < 4; round += 1) {
      const doomed = await rig.submitHeld('d', `hold round ${round}`);
      const deleting = rig.call('DELETE', '/session/d?force=true');
      await new Promise((resolve) => setTimeout(resolve, round * 15));
      const late = await rig.submit('d', `late ${round}`);
      expect((await deleting).status).toBe(200);
      expect(await rig.ended(doomed)).toMatchObject({ state: 'failed', reason: 'session_deleted' });
      const end = await rig.ended(late);
      if (end.state === 'completed') expect(end.output.text).toBe(`echo: late ${round}`);
      else expect(end).toMatchObject({ state: 'failed', reason: 'session_deleted' });
      expect(rig.model.count(`late ${round}`)).toBeLessThanOrEqual(1);
    }
    await until(async () => (await rig.call('GET', '/sessions')).status === 200);
    await rig.expectIntact('d');
  });

  test('sessions that begin while others work see no dialog', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `many-${index}`);
    const ends = await Promise.all(names.map((name) => rig.run(name, `hello from ${name}`)));
    for (const [index, end] of ends.entries())
      expect(end).toMatchObject({ state: 'completed', output: { text: `echo: hello from many-${index}` } });
  });
});
