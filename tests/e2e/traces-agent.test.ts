import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AgentName } from '../../src/core/model/agent.ts';
import type { AgentSession, SessionSpec, TurnObserver } from '../../src/core/ports/agent.ts';
import { claudeProgram } from '../helpers/claude-program.ts';
import { openDriverRig, type DriverRig } from '../helpers/driver-rig.ts';
import { startScriptedModel, type ScriptedModel } from '../helpers/scripted-model.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const never = new AbortController().signal;
const observer: TurnObserver = {
  prepared: async () => {},
  submitting: async () => {},
  working: async () => {},
  asked: () => new Promise(() => {}),
  noticed() {},
};

const traceOf = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;

describe.each<[AgentName]>([['claude'], ['claude-print']])('in the shells of the real CLI, driven by %s,', (agent) => {
  const folder = createTempFolder();
  const gates = new Map<string, PromiseWithResolvers<string>>();
  let model: ScriptedModel;
  let rig: DriverRig;
  let session: AgentSession;

  beforeAll(async () => {
    model = await startScriptedModel(async (prompt) => {
      const name = prompt.trim();
      if (name.startsWith('held') && !gates.has(name)) {
        const gate = Promise.withResolvers<string>();
        gates.set(name, gate);
        await gate.promise;
      }
      // A program that a shell starts has it, too.
      const looks = `echo "$TRACEPARENT"; sh -c 'echo "\${TRACEPARENT-unset}"'`;
      const command = `{ ${looks}; } >> '${path.join(folder.path, name)}'`;
      return { tool: 'Bash', input: { command, description: 'looks' }, answer: 'looked' };
    });
    rig = await openDriverRig({
      agent,
      bin: claudeProgram(),
      extraArgs: ['--allowedTools', 'Bash'],
      baseUrl: model.url,
    });
    session = await rig.driver.open(await spec(null), never);
  });
  afterAll(async () => {
    await rig.close();
    await model.close();
    folder[Symbol.dispose]();
  });

  const spec = async (agentSessionId: string | null): Promise<SessionSpec> => ({
    workspace: 'traced',
    cwd: await rig.workspace('traced'),
    agentSessionId,
  });
  const seen = (name: string): readonly string[] =>
    readFileSync(path.join(folder.path, name), 'utf8').trimEnd().split('\n');

  test.each([
    ['one', traceOf('1')],
    ['two', traceOf('2')],
  ])('each request finds its own trace (%s)', async (prompt, traceparent) => {
    expect(await session.runTurn(prompt, observer, never, traceparent)).toMatchObject({ text: 'looked' });
    expect(seen(prompt)).toEqual([traceparent, traceparent]);
  });

  test('a request without a trace finds none', async () => {
    expect(await session.runTurn('bare', observer, never)).toMatchObject({ text: 'looked' });
    expect(seen('bare')).toEqual(['', 'unset']);
  });

  test('a request keeps its own through a restart of the gateway, and the next one finds none', async () => {
    const [prompt, traceparent] = ['held over', traceOf('3')];
    let transcriptOffset = -1;
    const noting = { ...observer, prepared: async (at: number) => void (transcriptOffset = at) };
    void session.runTurn(prompt, noting, never, traceparent);
    const gate = await until(() => gates.get(prompt));
    await rig.restart();
    const past = { prompt, transcriptOffset, entered: true, reported: true };
    const found = await rig.driver.trace(await spec(session.agentSessionId), past);
    if (found.kind !== 'alive') throw new Error(found.kind);
    const again = { prompt, transcriptOffset, begunAt: Date.now(), open: [], told: [], traceparent };
    const end = found.session.rejoinTurn(again, observer, never);
    gate.resolve('');
    expect(await end).toMatchObject({ kind: 'completed' });
    expect(seen(prompt)).toEqual([traceparent, traceparent]);
    await found.session.runTurn('behind it', observer, never);
    expect(seen('behind it')).toEqual(['', 'unset']);
  });
});
