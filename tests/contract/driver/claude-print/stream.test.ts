import { appendFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toSaying } from '../../../../src/agents/claude-print/stream/words.ts';
import { takesTextAsText } from '../../../../src/agents/program/versions/versions.ts';
import type { Decision } from '../../../../src/core/model/approval.ts';
import type { AgentSession, ApprovalAsk, Arrival, TurnEnd, TurnObserver } from '../../../../src/core/ports/agent.ts';
import { claudeVersion } from '../../../helpers/claude-program.ts';
import { ALLOW } from '../../../helpers/examples.ts';
import { isRunning, processesWith } from '../../../helpers/process-tree.ts';
import { until } from '../../../helpers/until.ts';
import { never, observe, openBench, run, type Bench } from '../fixtures.ts';
import { openStreamProgram } from './stream-program.ts';

const isExact = takesTextAsText(claudeVersion());

describe('claude -p, line by line', () => {
  let bench: Bench;
  let session: AgentSession;

  beforeAll(async () => {
    bench = await openBench(() => openStreamProgram());
    // The CLI tries ten times by itself; one shows the same.
    await mkdir(path.join(bench.home, '.claude'), { recursive: true });
    const settings = { env: { CLAUDE_CODE_MAX_RETRIES: '1' } };
    await writeFile(path.join(bench.home, '.claude', 'settings.json'), JSON.stringify(settings));
    session = await bench.open('stream');
  });
  afterAll(() => bench.close());

  const asked = (): string | undefined => bench.program.prompts().at(-1);
  const at = (workspace: string, ...names: readonly string[]): string =>
    path.join(bench.home, '..', 'claude', workspace, ...names);

  /** Decides whatever is asked, and tells what that was. */
  function deciding(decision: Decision, steps: string[] = []): TurnObserver & { readonly asks: ApprovalAsk[] } {
    const asks: ApprovalAsk[] = [];
    return {
      ...observe(steps),
      asks,
      async asked(ask) {
        asks.push(ask);
        return decision;
      },
    };
  }

  describe('text', () => {
    test.each([
      ['a command', '/clear'],
      ['an unknown command', '/nonsense 1'],
      ['a command that ends the CLI', '/exit'],
    ])('is text, and says so where a space has to stand before it: %s', async (_name, prompt) => {
      let told: Arrival | null = null;
      const end = await session.runTurn(prompt, { ...observe(), working: async (it) => void (told = it) }, never);
      const text = isExact ? prompt : ` ${prompt}`;
      expect(end).toMatchObject({ kind: 'completed', text: `echo: ${text}` });
      expect(told).toEqual({ text, altered: isExact ? [] : ['space_in_front'], lost: null });
      expect(asked()).toBe(text);
    });

    test.each([
      ['white space at both ends', ' \n some text \n\n'],
      ['a lone exit', 'exit'],
      ['a command behind white space', ' \n/clear'],
      ['decomposed letters and what draws nothing', 'e\u0301 \u200b\u2028 x'],
    ])('arrives to the letter: %s', async (_name, prompt) => {
      expect(await run(session, prompt)).toMatchObject({ kind: 'completed', text: `echo: ${prompt}` });
      expect(asked()).toBe(prompt);
    });

    test('of 256 kB arrives whole', async () => {
      const prompt = `start ${'ü\t0123456789\n'.repeat(18_000)}end`;
      expect(await run(session, prompt)).toMatchObject({ kind: 'completed' });
      expect(asked()).toBe(prompt);
    });

    test('attaches no file that it names', async () => {
      await writeFile(path.join(await bench.workspace('stream'), 'note.txt'), 'nobody asked for this');
      await run(session, 'see @note.txt and @/etc/hostname');
      expect(bench.program.knew('see @note.txt and @/etc/hostname')).not.toContain('nobody asked for this');
    });
  });

  describe('what a turn took', () => {
    test('is what the model charged for it, each turn by itself, also behind a resume', async () => {
      const usages = [];
      let at = await bench.open('charged');
      for (const tokens of [1_000, 20_000, 7]) {
        const end = await run(at, `count ${tokens}`);
        usages.push(end.kind === 'completed' ? end.usage : null);
        if (tokens !== 20_000) continue;
        await at.close();
        at = await bench.driver.open(await bench.spec('charged', at.agentSessionId), never);
      }
      expect(usages.map((usage) => usage?.inputTokens)).toEqual([1_000, 20_000, 7]);
      for (const usage of usages) {
        expect(usage).toMatchObject({ outputTokens: 1, cacheReadTokens: 0, models: [{ outputTokens: 1 }] });
        expect(Number.isInteger(usage?.costMicroUsd)).toBe(true);
      }
      const [one, two] = usages.map((usage) => usage?.costMicroUsd ?? 0);
      expect(one).toBeGreaterThan(0);
      expect(two).toBeGreaterThan(10 * (one ?? 0));
      await at.close();
    });

    // 2.1.197 counts nothing of it.
    test('is told of one that was stopped', async () => {
      const stop = new AbortController();
      const told: unknown[] = [];
      const observer = { ...observe(), noticed: (notice: object) => void told.push(notice) };
      const end = session.runTurn('streaming now', observer, stop.signal);
      await until(() => told.length > 0);
      stop.abort();
      expect(await end).toMatchObject({
        kind: 'interrupted',
        text: 'Once upon',
        usage: { inputTokens: claudeVersion() === '2.1.197' ? 0 : 1 },
      });
    });
  });

  describe('a model that fails', () => {
    test.each([
      ['overloaded', 'agent_error'],
      ['limited', 'usage_limited'],
      ['forbidden', 'auth_expired'],
      ['wrong', 'model_refused'],
    ] as const)('%s for good ends the turn as %s, and the next one is well', async (name, reason) => {
      const end = await run(session, `${name} it is`);
      expect(end).toMatchObject({ kind: 'failed', reason, error: expect.stringMatching(/\S/) });
      expect(await run(session, `behind ${name}`)).toMatchObject({
        kind: 'completed',
        text: expect.stringMatching(new RegExp(`behind ${name}$`)),
      });
    });

    test('is told as often as it is tried again', async () => {
      const steps: string[] = [];
      await session.runTurn('overloaded again', observe(steps), never);
      const isRetry = (step: string): boolean => step.startsWith('agent.retrying');
      expect(steps.filter((step) => !isRetry(step))).toEqual(['prepared', 'submitting', 'working']);
      expect(steps.filter(isRetry)).toEqual(['agent.retrying 1 1']);
    });
  });

  test('a hook of the project that blocks a prompt fails it, with its words', async () => {
    const folder = path.join(await bench.workspace('hooked'), '.claude');
    await mkdir(folder);
    const command = `grep -q forbidden && { echo 'not in this house' >&2; exit 2; }; exit 0`;
    const hooks = { UserPromptSubmit: [{ hooks: [{ type: 'command', command }] }] };
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ hooks }));
    const hooked = await bench.open('hooked');
    const end = await run(hooked, 'a forbidden word');
    expect(end).toMatchObject({ kind: 'failed', reason: 'prompt_refused', error: expect.stringMatching('this house') });
    expect(await run(hooked, 'an allowed word')).toMatchObject({ kind: 'completed' });
    expect(bench.program.prompts().join()).not.toContain('a forbidden word');
    await hooked.close();
  });

  describe('what the agent asks', () => {
    test('is a question, and it gets the answer', async () => {
      const asking = await bench.open('asking');
      const observer = deciding({ ...ALLOW, answers: { 'Which one?': 'that' } });
      expect(await asking.runTurn('ask me', observer, never)).toMatchObject({ kind: 'completed', text: 'asked' });
      expect(observer.asks).toMatchObject([{ kind: 'question', tool: 'AskUserQuestion' }]);
      await run(asking, 'what was it');
      const lines = JSON.stringify(await bench.transcript(asking.agentSessionId));
      expect(lines).toContain('\\"Which one?\\"=\\"that\\"');
    });

    test('is remembered when that was allowed', async () => {
      const folder = await bench.workspace('remembering');
      const remembering = await bench.open('remembering');
      const first = deciding({ ...ALLOW, remember: true });
      await remembering.runTurn(`write ${path.join(folder, 'one')}`, first, never);
      const second = deciding(ALLOW);
      await remembering.runTurn(`write ${path.join(folder, 'two')}`, second, never);
      expect([first.asks.length, second.asks.length]).toEqual([1, 0]);
      await remembering.close();
    });
  });

  describe('work in the background', () => {
    test('is of the turn that began it, which ends when it has woken the agent', async () => {
      const steps: string[] = [];
      const resting = await bench.open('resting');
      let isOver = false;
      const turn = resting.runTurn('background 2', deciding(ALLOW, steps), never).finally(() => (isOver = true));
      await until(async () => (await readFile(at('resting', 'stream', 'out'), 'utf8')).includes('"result":"It runs."'));
      expect([isOver, await resting.sleep()]).toEqual([false, false]);
      expect(await turn).toMatchObject({ kind: 'completed', text: expect.stringContaining('task-notification') });
      expect(steps).toContain('agent.woken');
      expect(await resting.sleep()).toBe(true);
    });

    test('ends with a turn that is stopped, and so does all that the agent started', async () => {
      const stopped = await bench.open('stopped');
      const stop = new AbortController();
      const turn = stopped.runTurn('background 7654', deciding(ALLOW), stop.signal);
      const [pid = 0] = await until(() => {
        const found = processesWith('sleep\u00007654');
        return found.length > 0 ? found : null;
      });
      await until(async () => (await readFile(at('stopped', 'stream', 'out'), 'utf8')).includes('"result":"It runs."'));
      stop.abort();
      expect(await turn).toMatchObject({ kind: 'interrupted', text: 'It runs.' });
      expect(isRunning(pid)).toBe(false);
    });
  });

  test('a tool that ignores its end is ended with the agent', async () => {
    const stubborn = await bench.open('stubborn');
    const stop = new AbortController();
    const turn = stubborn.runTurn(
      `run trap '' TERM HUP INT; sleep 8765 & wait; sleep 8765`,
      deciding(ALLOW),
      stop.signal,
    );
    await until(() => processesWith('sleep\u00008765').length > 0);
    const pids = processesWith('sleep\u00008765');
    await stubborn.close();
    expect(await turn).toMatchObject({ kind: 'failed', reason: 'agent_exited' });
    expect(pids.filter(isRunning)).toEqual([]);
  });

  describe('a gateway that died in the middle of a line', () => {
    /** Leaves `bytes` of the prompt's line in the input, and all of it aside. */
    async function cut(workspace: string, prompt: string, bytes: number) {
      const before = await bench.open(workspace);
      await run(before, 'before');
      const input = at(workspace, 'stream', 'in');
      const { size } = await stat(input);
      const { token, version } = JSON.parse(await readFile(at(workspace, 'launch.json'), 'utf8')) as {
        readonly token: string;
        readonly version: string;
      };
      const { line } = toSaying({ token, offset: size, prompt, version });
      await bench.restart(async () => {
        await writeFile(at(workspace, 'stream', 'next'), `${line}\n`);
        await appendFile(input, Buffer.from(line).subarray(0, bytes));
      });
      const past = { prompt, transcriptOffset: size, entered: true, reported: false };
      return { past, spec: await bench.spec(workspace, before.agentSessionId) };
    }

    test('has its line completed, and the prompt reaches the model once', async () => {
      const { past, spec } = await cut('halved', 'a halved prompt', 60);
      const found = await bench.driver.trace(spec, past);
      if (found.kind !== 'alive') throw new Error(found.kind);
      const rejoined = { ...past, begunAt: Date.now(), open: [], told: [], traceparent: null };
      const end = await found.session.rejoinTurn(rejoined, observe(), never);
      expect(end).toMatchObject({ kind: 'completed', text: 'echo: a halved prompt' });
      expect(bench.program.prompts().filter((prompt) => prompt === 'a halved prompt')).toHaveLength(1);
    });

    test('and had written nothing of it: it is unsubmitted, and may be sent', async () => {
      const { past, spec } = await cut('unwritten', 'an unwritten prompt', 0);
      const found = await bench.driver.trace(spec, past);
      if (found.kind !== 'unsubmitted' || found.session === null) throw new Error(found.kind);
      expect(await run(found.session, 'an unwritten prompt')).toMatchObject({ kind: 'completed' });
      expect(bench.program.prompts().filter((prompt) => prompt === 'an unwritten prompt')).toHaveLength(1);
    });

    test('with its agent, which had read no line of it: it is unsubmitted, too', async () => {
      const { past, spec } = await cut('both', 'a lost prompt', 0);
      process.kill(await bench.pid('claude-both'), 'SIGKILL');
      await until(async () => (await bench.tmux.pane('claude-both'))?.dead);
      expect(await bench.driver.trace(spec, past)).toEqual({ kind: 'unsubmitted', session: null });
    });
  });

  test('an agent whose streams were taken away is not taken for one that listens', async () => {
    const robbed = await bench.open('robbed');
    await run(robbed, 'before');
    await bench.restart(() => rm(at('robbed', 'stream'), { recursive: true }));
    expect(await bench.driver.adopt(await bench.spec('robbed', robbed.agentSessionId))).toBeNull();
    const next = await bench.driver.open(await bench.spec('robbed', robbed.agentSessionId), never);
    expect(await run(next, 'after')).toMatchObject({ kind: 'completed' });
  });

  test('a conversation that is gone is told as lost, with the first prompt of the next one', async () => {
    const gone = await bench.driver.open(await bench.spec('gone', crypto.randomUUID()), never);
    let told: Arrival | null = null;
    const steps: string[] = [];
    const observer = { ...observe(steps), working: async (it: Arrival) => void (told = it) };
    const end: TurnEnd = await gone.runTurn('hello again', observer, never);
    expect(end).toMatchObject({ kind: 'completed' });
    expect(told).toMatchObject({ lost: 'gone' });
    expect(steps.join()).toContain('conversation.lost');
  });
});

test('an agent of root may not skip permissions', async () => {
  const bench = await openBench(() => openStreamProgram({ permissionMode: 'bypassPermissions' }));
  try {
    const opening = bench.driver.open(await bench.spec('unbound'), never);
    if (process.getuid?.() === 0) {
      await expect(opening).rejects.toMatchObject({
        reason: 'agent_unavailable',
        message: expect.stringMatching(/root/),
      });
    } else await (await opening).close();
  } finally {
    await bench.close();
  }
});

test('behind a plan that was allowed, prompts run in the configured mode again', async () => {
  const bench = await openBench(() => openStreamProgram({ permissionMode: 'plan' }));
  try {
    const session = await bench.open('planning');
    for (const prompt of ['plan it', 'plan more']) {
      const asked: ApprovalAsk[] = [];
      const observer: TurnObserver = {
        ...observe(),
        async asked(ask) {
          asked.push(ask);
          return { ...ALLOW, mode: 'accept_edits' };
        },
      };
      expect(await session.runTurn(prompt, observer, never)).toMatchObject({ kind: 'completed', text: 'planned' });
      expect(asked).toMatchObject([{ kind: 'plan', tool: 'ExitPlanMode' }]);
    }
  } finally {
    await bench.close();
  }
});
