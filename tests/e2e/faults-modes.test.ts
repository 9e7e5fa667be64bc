import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attachPerson } from '../helpers/person.ts';
import { createApprovalCalls, type Approvals } from '../helpers/approvals.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { createOwnTmux } from '../helpers/own-tmux.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import type { Plan } from '../helpers/scripted-model.ts';
import { until } from '../helpers/until.ts';

const count = (screen: string): number => screen.split('accept edits on').length - 1;
const SAYS_ACCEPT = "printf '⏵⏵ accept edits on (shift+tab to cycle)'";

function script(prompt: string): Plan {
  const [, verb, file] = /^(write|plan|edit) (\S+)$/.exec(prompt.trim()) ?? [];
  if (file === undefined) return `echo: ${prompt}`;
  if (verb === 'plan') return { tool: 'EnterPlanMode', input: {}, answer: 'planned' };
  return { tool: 'Write', input: { file_path: file, content: 'x' }, answer: 'written' };
}

/** Shift+Tab does nothing. */
const OTHER_KEY = { bindings: [{ context: 'Chat', bindings: { 'shift+tab': null, 'alt+y': 'chat:cycleMode' } }] };

/** What a person does with the mode of a session, and what becomes of it. */
function createModeWords(rig: FaultRig) {
  const approvals = createApprovalCalls(rig.call);
  const place = (workspace: string, ...names: readonly string[]): string =>
    path.join(rig.root, 'workspaces', workspace, ...names);
  const keys = (workspace: string, ...names: readonly string[]): Promise<string> =>
    rig.tmux('send-keys', '-t', `=claude-${workspace}:`, ...names);

  const screen = (workspace: string): Promise<string> => rig.tmux('capture-pane', '-p', '-t', `=claude-${workspace}:`);

  const modeOf = async (workspace: string): Promise<unknown> =>
    ((await rig.call('GET', `/session/${workspace}`)).body as { readonly permissionMode: unknown }).permissionMode;

  async function isIn(workspace: string, mode: string | null): Promise<void> {
    let last: unknown;
    await until(async () => (last = await modeOf(workspace)) === mode).catch(() => expect(last).toBe(mode));
  }

  const modeShown = async (workspace: string): Promise<string> =>
    /(?:accept edits|plan mode|auto mode) on/.exec(await screen(workspace))?.[0] ?? '';

  /** The person presses Shift+Tab, looks what it did, and presses again if that is not what they want. */
  async function sets(workspace: string, words: string): Promise<void> {
    for (let before = await modeShown(workspace); before !== words; before = await modeShown(workspace)) {
      const was = before;
      await keys(workspace, 'BTab');
      await until(async () => (await modeShown(workspace)) !== was);
    }
  }

  /** Nothing is written without an approval. */
  async function expectAsked(workspace: string): Promise<void> {
    const file = place(workspace, `written-${rig.model.prompts.length}`);
    const prompt = `write ${file}`;
    const id = await rig.submit(workspace, prompt);
    const [approval] = await approvals.open(id);
    expect([existsSync(file), approval?.tool]).toEqual([false, 'Write']);
    await approvals.decide(approval?.id ?? '', { decision: 'deny' });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    expect(rig.model.count(prompt)).toBe(1);
  }

  return { place, keys, screen, isIn, sets, expectAsked };
}

/** The permission mode that a person set at the terminal, with the real CLI. The number is that of the fault. */
describe('a request runs in the configured permission mode', () => {
  let rig: FaultRig;
  let approvals: Approvals;
  let words: ReturnType<typeof createModeWords>;
  beforeAll(async () => {
    rig = await openFaultRig({ script });
    approvals = createApprovalCalls(rig.call);
    words = createModeWords(rig);
  });
  afterAll(() => rig.close());

  const home = (...names: readonly string[]): string => path.join(rig.root, 'data', 'agent-home', '.claude', ...names);

  const setBacks = async (workspace: string): Promise<readonly unknown[]> =>
    (await rig.events()).flatMap((event) =>
      event.type === 'mode.set_back' && event.workspace === workspace ? [event.data] : [],
    );

  test.each([
    ['acceptEdits', 'accept edits on'],
    ['plan', 'plan mode on'],
    ['auto', 'auto mode on'],
  ])('T22: %s that a person set is shown, and set back before the next request', async (mode, shown) => {
    const workspace = `t22-${mode.toLowerCase()}`;
    await rig.run(workspace, 'warm');
    const pid = await rig.agentPid(workspace);
    await words.sets(workspace, shown);
    await words.isIn(workspace, mode);
    await words.expectAsked(workspace);
    await words.isIn(workspace, 'default');
    expect(await setBacks(workspace)).toEqual([{ from: mode, to: 'default', by: 'keys' }]);
    expect(await rig.agentPid(workspace)).toBe(pid);
  });

  test('T22: one that was set right after the start is set back when the first request is reported', async () => {
    await rig.call('POST', '/session/create', { json: { workspace: 't22-first' } });
    await rig.noted('session.started', 't22-first');
    await words.sets('t22-first', 'accept edits on');
    await words.expectAsked('t22-first');
    await words.expectAsked('t22-first');
  });

  test('T22: a plan that the agent began in one request is not the next one’s', async () => {
    await rig.run('t22-plan', `plan ${words.place('t22-plan', 'x')}`);
    await words.isIn('t22-plan', 'plan');
    await words.expectAsked('t22-plan');
  });

  test('T22: what was allowed for the rest of the session stays', async () => {
    const id = await rig.submit('t22-rest', `write ${words.place('t22-rest', 'one')}`);
    const [approval] = await approvals.open(id);
    await approvals.decide(approval?.id ?? '', { decision: 'allow', remember: true });
    await rig.ended(id);
    expect(await rig.run('t22-rest', `write ${words.place('t22-rest', 'two')}`)).toMatchObject({ state: 'completed' });
    await words.sets('t22-rest', 'plan mode on');
    expect(await rig.run('t22-rest', `write ${words.place('t22-rest', 'three')}`)).toMatchObject({
      state: 'completed',
    });
    expect(['one', 'two', 'three'].map((name) => existsSync(words.place('t22-rest', name)))).toEqual([
      true,
      true,
      true,
    ]);
    await words.isIn('t22-rest', 'acceptEdits');
  });

  test.each([
    [
      'a status line that says so falsely',
      { statusLine: { type: 'command', command: SAYS_ACCEPT } },
      {},
      'BTab',
      'keys',
    ],
    ['another key for it', {}, OTHER_KEY, 'M-y', 'restart'],
  ] as const)('T22: with %s it is set back', async (name, settings, bindings, key, by) => {
    await mkdir(home(), { recursive: true });
    await writeFile(home('settings.json'), JSON.stringify(settings));
    await writeFile(home('keybindings.json'), JSON.stringify(bindings));
    const workspace = `t22-${name.replaceAll(/\W/g, '-')}`;
    await rig.run(workspace, 'warm');
    expect(await rig.run(workspace, 'again')).toMatchObject({ state: 'completed' });
    const before = (await setBacks(workspace)).length;
    const lies = by === 'keys' ? 1 : 0;
    await words.keys(workspace, key);
    await until(async () => count(await words.screen(workspace)) > lies);
    await words.expectAsked(workspace);
    expect((await setBacks(workspace)).slice(before)).toMatchObject([{ to: 'default', by }]);
    await writeFile(home('settings.json'), '{}');
    await writeFile(home('keybindings.json'), '{}');
  });
});

/** A session that falls asleep as soon as the person has gone. */
describe('over a sleep', () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig({ script, env: { SESSION_IDLE_MS: '5000' } });
  });
  afterAll(() => rig.close());

  test('T22: a mode that a person set does not come back', async () => {
    await rig.run('w', 'warm');
    const person = await attachPerson(rig.gateway.tmuxSocket, 'w');
    const words = createModeWords(rig);
    await words.sets('w', 'accept edits on');
    await person.leave();
    await rig.noted('session.slept', 'w');
    await words.isIn('w', null);
    await words.expectAsked('w');
  });
});

/** The gateway as a process of its own, which can be killed. */
describe('over a restart of the gateway', () => {
  let rig: ProcessRig;
  beforeAll(async () => {
    rig = await openProcessRig(script);
  });
  afterAll(() => rig.close());

  test('T22: a mode that a person set is shown, and set back before the next request', async () => {
    const run = (command: string) =>
      rig.call('POST', '/execute', { json: { workspace: 'w', command }, headers: { prefer: 'wait=50' } });
    await run('warm');
    const tmux = createOwnTmux(rig.tmuxSocket, { PATH: process.env['PATH'] ?? '' });
    await tmux.keys('claude-w', 'BTab');
    await until(async () => count((await tmux.capture('claude-w')) ?? '') > 0);
    await rig.stop('SIGKILL');
    await rig.start();
    await until(async () => (await rig.call('GET', '/session/w')).body['permissionMode'] === 'acceptEdits');
    const file = path.join(rig.root, 'workspaces', 'w', 'written');
    const { body } = await rig.call('POST', '/execute', { json: { workspace: 'w', command: `write ${file}` } });
    const approvals = createApprovalCalls(rig.call);
    const [approval] = await approvals.open(String(body['requestId']));
    expect(existsSync(file)).toBe(false);
    await approvals.decide(approval?.id ?? '', { decision: 'allow' });
    await until(() => existsSync(file));
  });
});
