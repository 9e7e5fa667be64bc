import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault } from '../helpers/faulty-proxy.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import type { Plan } from '../helpers/scripted-model.ts';
import { until } from '../helpers/until.ts';

const FEEDBACK = /Stop hook feedback/g;
const REFUSED: Fault = {
  kind: 'status',
  status: 400,
  body: { type: 'error', error: { type: 'invalid_request_error', message: 'tool_use ids must be unique' } },
};
const AGENT = {
  description: 'a search',
  prompt: 'subagent: count',
  subagent_type: 'general-purpose',
  run_in_background: true,
};
const WAITING: Readonly<Record<string, Plan>> = {
  'leave an agent': { tool: 'Agent', input: AGENT, answer: 'waiting' },
  'leave a command': {
    tool: 'Bash',
    input: { command: 'sleep 2', run_in_background: true, description: 'a job' },
    answer: 'waiting',
  },
};
const CRON = { cron: '* * * * *', prompt: 'the time has come', recurring: false };

/** The end of a turn and whose its text is, with the real CLI. The number is that of the fault. */
describe('the end is the last end, and its text is its own', () => {
  let rig: FaultRig;
  /** Subagents wait. */
  let isHeld = false;
  let judged = 0;
  beforeAll(async () => {
    rig = await openFaultRig({
      async script(prompt, said) {
        const asked = prompt.trimEnd();
        if (asked === 'hold' || asked.startsWith('echo ')) return `echo: ${asked}`;
        if (asked.startsWith('subagent')) {
          await new Promise((resolve) => setTimeout(resolve, 2_000));
          await until(() => !isHeld);
          return 'three';
        }
        if (WAITING[asked] !== undefined) return WAITING[asked];
        if (asked.includes('judge this') && !asked.includes('Stop hook feedback'))
          return JSON.stringify({ ok: (judged += 1) > 1, reason: 'not yet' });
        if (asked === 'use a tool') return { tool: 'Bash', input: { command: 'true' }, answer: 'It is used.' };
        if (asked === 'set a time') return { tool: 'CronCreate', input: CRON, answer: 'It is set.' };
        // What wakes the agent, and what a Stop hook says to it, is no prompt on every version.
        if (said.includes('<task-notification>')) return 'found 3';
        if (said.includes('in parts')) return `part ${(said.match(FEEDBACK) ?? []).length + 1}`;
        return `echo: ${asked}`;
      },
      fault(prompt) {
        if (prompt.startsWith('bad')) return REFUSED;
        return prompt.startsWith('forbidden') ? { kind: 'refusal' } : null;
      },
      env: { CLAUDE_EXTRA_ARGS: '--allowedTools Bash Agent CronCreate', SESSION_IDLE_MS: '3000' },
    });
  });
  afterAll(() => rig.close());

  const place = (workspace: string, ...names: readonly string[]): string =>
    path.join(rig.root, 'workspaces', workspace, ...names);

  /** The project has a hook of its own, and these beside it. */
  async function hook(workspace: string, event: string, script: string, beside: readonly object[] = []): Promise<void> {
    await mkdir(place(workspace, '.claude'), { recursive: true });
    await writeFile(place(workspace, 'hook.sh'), `#!/bin/sh\n${script}\n`);
    await chmod(place(workspace, 'hook.sh'), 0o755);
    const own = { type: 'command', command: place(workspace, 'hook.sh') };
    const settings = { hooks: { [event]: [{ hooks: [...beside, own] }] } };
    await writeFile(place(workspace, '.claude', 'settings.json'), JSON.stringify(settings));
  }

  const BLOCK_TWICE = `cat >/dev/null
n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo $n >n
if [ $n -le 2 ]; then echo '{"decision":"block","reason":"go on"}'; fi
exit 0`;
  /** Holds the agent for four seconds; says when it began and when it was done. */
  const SLOW = 'cat >/dev/null; touch begun; sleep 4; touch done';

  const shows = (workspace: string, text: string): Promise<unknown> =>
    until(async () => (await rig.tmux('capture-pane', '-p', '-t', `=claude-${workspace}:`)).includes(text));

  async function types(workspace: string, line: string): Promise<void> {
    await rig.tmux('send-keys', '-t', `=claude-${workspace}:`, '-l', line);
    await shows(workspace, line);
    await rig.tmux('send-keys', '-t', `=claude-${workspace}:`, 'Enter');
  }

  const eventsOf = async (workspace: string): Promise<readonly string[]> =>
    (await rig.events()).filter((event) => event.workspace === workspace).map(({ type }) => type);

  test('T2: a Stop that another hook blocks is not the end, and what waits comes behind the last one', async () => {
    await hook('t2', 'Stop', BLOCK_TWICE);
    const [first, second] = [await rig.submit('t2', 'in parts'), await rig.submit('t2', 'echo two')];
    expect(await rig.ended(first)).toMatchObject({ state: 'completed', output: { text: 'part 3' } });
    expect(await rig.ended(second)).toMatchObject({ state: 'completed', output: { text: 'echo: echo two' } });
    expect(await readFile(place('t2', 'n'), 'utf8')).toBe('4\n');
    expect(rig.model.count('echo two')).toBe(1);
  });

  /** What one of these does at each of the first `rounds` Stops. */
  const blocking = (how: string, rounds: number): string => `cat >/dev/null
n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo $n >n
if [ $n -le ${rounds} ]; then ${how}; fi
exit 0`;

  test.each([
    ['by its exit code', 'echo again >&2; exit 2', 2],
    ['by its exit code, three times', 'echo again >&2; exit 2', 3],
    ['by its exit code, five times', 'echo again >&2; exit 2', 5],
    ['by its exit code, without a word', 'exit 2', 2],
  ])('T2: a Stop hook that blocks %s', async (name, how, rounds) => {
    const workspace = `t2-${name.replaceAll(/\W+/g, '-')}`;
    await hook(workspace, 'Stop', blocking(how, rounds));
    const [first, second] = [await rig.submit(workspace, 'in parts'), await rig.submit(workspace, 'echo two')];
    const text = `part ${rounds + 1}`;
    expect(await rig.ended(first)).toMatchObject({ state: 'completed', output: { text } });
    expect(await rig.ended(second)).toMatchObject({ state: 'completed', output: { text: 'echo: echo two' } });
  });

  test('T2: one of several Stop hooks blocks, and the others complain or take their time', async () => {
    const beside = ['cat >/dev/null; exit 1', 'cat >/dev/null; sleep 1'].map((command) => ({
      type: 'command',
      command,
    }));
    await hook('t2-several', 'Stop', blocking('echo again >&2; exit 2', 2), beside);
    expect(await rig.run('t2-several', 'in parts')).toMatchObject({ state: 'completed', output: { text: 'part 3' } });
  });

  test('T2: the model itself blocks the first Stop, as a hook of type `prompt`', async () => {
    await hook('t2-prompt', 'Stop', 'cat >/dev/null', [{ type: 'prompt', prompt: 'judge this' }]);
    expect(await rig.run('t2-prompt', 'in parts')).toMatchObject({ state: 'completed', output: { text: 'part 2' } });
  });

  test('T2: a server blocks two Stops, as a hook of type `http`', async () => {
    let stops = 0;
    const server = createServer((request, response) => {
      request.resume();
      stops += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(stops <= 2 ? { decision: 'block', reason: 'again' } : {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      await hook('t2-http', 'Stop', 'cat >/dev/null', [{ type: 'http', url }]);
      const end = await rig.run('t2-http', 'in parts');
      expect(end).toMatchObject({ state: 'completed', output: { text: 'part 3' } });
    } finally {
      server.close();
    }
  });

  test('T2: a Stop hook of a subagent that blocks holds the subagent alone', async () => {
    await hook('t2-subagent', 'SubagentStop', blocking('echo again >&2; exit 2', 2));
    expect(await rig.run('t2-subagent', 'leave an agent')).toMatchObject({ output: { text: 'found 3' } });
    expect(await readFile(place('t2-subagent', 'n'), 'utf8')).toBe('3\n');
  });

  test.each([
    ['says more to the agent', '{"hookSpecificOutput":{"hookEventName":"Stop","additionalContext":"look again"}}', 2],
    ['stops it', '{"continue":false,"stopReason":"enough"}', 1],
    ['only complains', '', 1],
  ])('T2: a Stop hook that %s', async (name, answer, calls) => {
    const workspace = `t2-${name.replaceAll(' ', '-')}`;
    const once = `[ -e once ] && exit 0; touch once; sleep 1; ${answer === '' ? 'exit 1' : `echo '${answer}'`}`;
    await hook(workspace, 'Stop', `cat >/dev/null; ${once}`);
    const before = rig.model.prompts.length;
    expect(await rig.run(workspace, 'in parts')).toMatchObject({ state: 'completed' });
    expect(rig.model.prompts.length - before).toBe(calls);
    expect(await rig.run(workspace, 'echo next')).toMatchObject({ output: { text: 'echo: echo next' } });
  });

  test('T2: a Stop hook that is added while the agent lives counts', async () => {
    await mkdir(place('t2-added', '.claude'), { recursive: true });
    await writeFile(place('t2-added', '.claude', 'settings.json'), '{}');
    for (const prompt of ['warm', 'again']) await rig.run('t2-added', `echo ${prompt}`);
    await hook('t2-added', 'Stop', SLOW);
    await until(async () => {
      await rig.run('t2-added', 'echo more');
      return existsSync(place('t2-added', 'begun'));
    });
    expect(existsSync(place('t2-added', 'done'))).toBe(true);
  });

  test('T3, T8: what is cancelled behind a slow Stop hook ends without a text, and the hook and the agent live on', async () => {
    await hook('t3', 'Stop', SLOW);
    const first = await rig.submit('t3', 'echo one');
    await until(() => existsSync(place('t3', 'begun')));
    const pid = await rig.agentPid('t3');
    const second = await rig.submit('t3', 'echo behind it');
    await rig.call('POST', `/status/${second}/cancel`);
    expect(await rig.ended(second)).toMatchObject({ state: 'cancelled', output: { available: false } });
    expect(await rig.ended(first)).toMatchObject({ state: 'completed', output: { text: 'echo: echo one' } });
    expect([existsSync(place('t3', 'done')), await rig.agentPid('t3')]).toEqual([true, pid]);
    expect(rig.model.count('echo behind it')).toBe(0);
  });

  test('T8: nothing is typed or killed while the Stop hook of a person’s turn runs', async () => {
    await hook('t8', 'Stop', `[ -e slow ] || exit 0; ${SLOW}`);
    await rig.run('t8', 'echo warm');
    await writeFile(place('t8', 'slow'), '');
    const pid = await rig.agentPid('t8');
    await types('t8', 'echo theirs');
    await until(() => existsSync(place('t8', 'begun')));
    const cancelled = await rig.submit('t8', 'echo cancelled');
    await until(async () => (await rig.status(cancelled)).phase === 'preparing');
    await rig.call('POST', `/status/${cancelled}/cancel`);
    expect(await rig.ended(cancelled)).toMatchObject({ state: 'cancelled', output: { available: false } });
    const next = await rig.submit('t8', 'echo next');
    expect(existsSync(place('t8', 'done'))).toBe(false);
    expect(await rig.ended(next)).toMatchObject({ state: 'completed', output: { text: 'echo: echo next' } });
    expect([existsSync(place('t8', 'done')), await rig.agentPid('t8')]).toEqual([true, pid]);
    expect(rig.model.count('echo cancelled')).toBe(0);
  });

  test.each([
    ['exits with 2', `echo 'not on a Friday' >&2; exit 2`],
    ['answers block', `echo '{"decision":"block","reason":"not on a Friday"}'`],
    ['answers that nothing goes on', `echo '{"continue":false,"stopReason":"not on a Friday"}'`],
  ])('T7: a prompt whose project’s hook %s fails with its words', async (name, script) => {
    const workspace = `t7-${name.replaceAll(' ', '-')}`;
    await hook(workspace, 'UserPromptSubmit', `grep -q forbid || exit 0; ${script}`);
    const end = await rig.run(workspace, 'echo forbid this');
    expect(end).toMatchObject({ state: 'failed', reason: 'prompt_refused', retryable: false });
    expect(end.error).toContain('not on a Friday');
    expect(rig.model.count('echo forbid this')).toBe(0);
    expect(await rig.run(workspace, 'echo another')).toMatchObject({ state: 'completed' });
  });

  test.each(['PreToolUse', 'PostToolUse'])(
    'T7: a turn that a hook of %s ends is told with its words',
    async (event) => {
      const workspace = `t7-${event}`;
      await hook(workspace, event, `cat >/dev/null; echo '{"continue":false,"stopReason":"enough tools"}'`);
      const end = await rig.run(workspace, 'use a tool');
      expect(end).toMatchObject({ state: 'failed', reason: 'interrupted', retryable: false });
      expect(end.error).toContain('enough tools');
      expect(await rig.run(workspace, 'echo another')).toMatchObject({ output: { text: 'echo: echo another' } });
    },
  );

  test.each(Object.keys(WAITING))('T9: %s: one end, with what the agent says when it is woken', async (prompt) => {
    const workspace = prompt.replaceAll(' ', '-');
    const id = await rig.submit(workspace, prompt);
    const next = await rig.submit(workspace, 'echo behind');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'found 3' } });
    expect(await rig.ended(next)).toMatchObject({ state: 'completed', output: { text: 'echo: echo behind' } });
    expect(await eventsOf(workspace)).not.toContain('person.prompted');
  });

  test('T9: what a person asks meanwhile is theirs', async () => {
    await rig.run('t9', 'echo warm');
    isHeld = true;
    const id = await rig.submit('t9', 'leave an agent');
    await shows('t9', '● waiting');
    await types('t9', 'echo their own');
    await shows('t9', '● echo: echo their own');
    isHeld = false;
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'found 3' } });
    expect(rig.model.count('echo their own')).toBe(1);
  });

  test('T13: an agent that is to be asked at some time does not sleep until then, and nobody is said to have asked', async () => {
    expect(await rig.run('t13', 'set a time')).toMatchObject({ output: { text: 'It is set.' } });
    await rig.noted('schedule.fired', 't13', 90_000);
    await until(() => rig.model.count('the time has come') === 1);
    await rig.noted('session.slept', 't13');
    const types = await eventsOf('t13');
    expect(types).not.toContain('person.prompted');
    expect(types.indexOf('session.slept')).toBeGreaterThan(types.indexOf('schedule.fired'));
  }, 150_000);

  test('T16: a session that is deleted while it submits tells of no person', async () => {
    for (const waitMs of [0, 5, 10, 20, 30, 45, 60]) {
      await rig.run('t16', 'echo warm');
      const id = await rig.submit('t16', `echo doomed ${waitMs}`);
      await until(async () => ['submitting', 'working', null].includes((await rig.status(id)).phase));
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      await rig.call('DELETE', '/session/t16?force=true');
      await rig.ended(id);
    }
    const types = await eventsOf('t16');
    for (const type of ['person.prompted', 'other.prompted']) expect(types).not.toContain(type);
  });

  test.each([
    ['answers 400 for it', 'bad history', 'tool_use ids must be unique'],
    ['refuses', 'forbidden things', 'anthropic.com/legal/aup'],
  ])(
    'T25: a request whose model %s is not to be sent again, and the way out is named',
    async (_name, prompt, words) => {
      const end = await rig.run('t25', prompt);
      expect(end).toMatchObject({ state: 'failed', reason: 'model_refused', retryable: false });
      expect(end.error).toContain(words);
      expect(end.error).toContain('DELETE /session');
      await rig.expectIntact('t25');
    },
  );
});
