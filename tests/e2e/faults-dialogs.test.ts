import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApprovalCalls, type ApprovalDocument, type Approvals } from '../helpers/approvals.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { attachPerson } from '../helpers/person.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const SERVERS = (...names: readonly string[]): string =>
  JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, { command: 'true' }])) });
/** Newer versions pass by what comes within some 0.2 s after they drew a dialog. */
const TAKEN_WITHIN_MS = 1_500;
const WITHOUT = 'Continue without using this MCP server';

interface Offered extends ApprovalDocument {
  readonly questions: readonly { readonly question: string; readonly options: readonly { readonly label: string }[] }[];
}

/** Dialogs that no agent hook tells of, with the real CLI. The number is that of the fault. */
describe('no dialog stands without a word', () => {
  let rig: FaultRig;
  let approvals: Approvals;
  beforeAll(async () => {
    rig = await openFaultRig({ env: { SESSION_IDLE_MS: '3000' } });
    approvals = createApprovalCalls(rig.call);
  });
  afterAll(() => rig.close());

  async function put(workspace: string, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(rig.root, 'workspaces', workspace, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** Submits, and waits for the dialog that stands before the start. */
  async function submitAsked(workspace: string): Promise<{ readonly id: string; readonly approval: Offered }> {
    const id = await rig.submit(workspace, `echo ${workspace}`);
    const [approval] = await approvals.open(id);
    expect(approval).toMatchObject({ kind: 'dialog', tool: 'dialog', decision: null });
    expect(await rig.status(id)).toMatchObject({ state: 'running', phase: 'waiting_approval' });
    return { id, approval: approval as Offered };
  }

  const labels = ({ questions }: Offered): readonly string[] =>
    questions.flatMap(({ options }) => options.map(({ label }) => label));

  function answer({ id, questions }: Offered, given: string | readonly string[]) {
    return approvals.decide(id, { decision: 'allow', answers: { [questions[0]?.question ?? '']: given } });
  }

  test.each([
    ['a new MCP server', { '.mcp.json': SERVERS('x') }, 'New MCP server found in this project: x', WITHOUT],
    [
      'an import from outside',
      { 'CLAUDE.md': '@../shared/RULES.md\n', '../shared/RULES.md': 'be kind' },
      'shared/RULES.md',
      'No, disable external imports',
    ],
    [
      'settings that cannot be read',
      { '.claude/settings.json': '{ nope' },
      'Invalid or malformed JSON',
      'Continue without these settings',
    ],
  ])('T19: %s is asked before the start, and answered over the API', async (name, files, words, choice) => {
    const workspace = `t19-${name.replaceAll(' ', '-')}`;
    await put(workspace, files);
    const { id, approval } = await submitAsked(workspace);
    expect(approval.input['text']).toContain(words);
    expect(labels(approval)).toContain(choice);
    expect((await answer(approval, 'whatever')).status).toBe(400);
    expect(await answer(approval, choice)).toMatchObject({
      status: 200,
      body: { state: 'allowed', decidedBy: 'api' },
    });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: `echo: echo ${workspace}` } });
  });

  test('T19: of several MCP servers those are chosen that are named', async () => {
    await put('t19-several', { '.mcp.json': SERVERS('one', 'two') });
    const { id, approval } = await submitAsked('t19-several');
    expect(labels(approval)).toEqual(['one', 'two']);
    expect(await answer(approval, ['two'])).toMatchObject({ status: 200, body: { state: 'allowed' } });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
  });

  test('T19: a workspace that worked and slept is not lost when it gets a new MCP server: denied, it starts without', async () => {
    expect(await rig.run('t19', 'echo before')).toMatchObject({ state: 'completed' });
    await rig.noted('session.slept', 't19');
    await put('t19', { '.mcp.json': SERVERS('x') });
    const { id, approval } = await submitAsked('t19');
    expect(await approvals.decide(approval.id, { decision: 'deny' })).toMatchObject({
      status: 200,
      body: { state: 'denied', decidedBy: 'api' },
    });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'echo: echo t19' } });
    await rig.expectIntact('t19');
  });

  test('T19: a person answers it at the terminal', async () => {
    await put('t19-person', { '.mcp.json': SERVERS('x') });
    const { id, approval } = await submitAsked('t19-person');
    const person = await attachPerson(rig.gateway.tmuxSocket, 't19-person');
    person.type('\u001b');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    expect(await approvals.read(approval.id)).toMatchObject({ state: 'allowed', decidedBy: 'terminal' });
    await person.leave();
  });

  test('T19: a request that is cancelled before the dialog takes the agent along, and the next one is asked anew', async () => {
    await put('t19-cancel', { '.mcp.json': SERVERS('x') });
    const { id, approval } = await submitAsked('t19-cancel');
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    expect(await approvals.read(approval.id)).toMatchObject({ state: 'expired', decidedBy: 'turn_end' });
    const next = await submitAsked('t19-cancel');
    expect(next.approval.id).not.toBe(approval.id);
    await answer(next.approval, WITHOUT);
    expect(await rig.ended(next.id)).toMatchObject({ state: 'completed' });
  });
});

describe('a dialog before the start that nobody answers', () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig({ env: { APPROVAL_TIMEOUT_MS: '2000' } });
  });
  afterAll(() => rig.close());

  test('T19: ends the request with its words', async () => {
    const folder = path.join(rig.root, 'workspaces', 'w');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, '.mcp.json'), SERVERS('x'));
    const end = await rig.run('w', 'echo one');
    expect(end).toMatchObject({ state: 'failed', reason: 'agent_unavailable', retryable: true });
    expect(end.error).toContain('New MCP server found in this project: x');
    const { body } = await rig.call('GET', `/approvals?requestId=${end.requestId}`);
    expect(body).toMatchObject({ approvals: [{ state: 'expired', decidedBy: 'timeout' }] });
  });
});

describe('the form of an MCP server', () => {
  const folder = createTempFolder();
  const told: string[] = [];
  let rig: FaultRig;
  let approvals: Approvals;
  beforeAll(async () => {
    const server = path.resolve('tests/helpers/form-server.ts');
    const config = path.join(folder.path, 'mcp.json');
    await writeFile(config, JSON.stringify({ mcpServers: { form: { command: process.execPath, args: [server] } } }));
    rig = await openFaultRig({
      script: (prompt) =>
        prompt.startsWith('ask') ? { tool: 'mcp__form__ask', input: {}, answer: 'asked' } : `echo: ${prompt}`,
      seen: (body) => void told.push(body),
      env: { CLAUDE_EXTRA_ARGS: `--mcp-config ${config} --allowedTools mcp__form__ask` },
    });
    approvals = createApprovalCalls(rig.call);
  });
  afterAll(async () => {
    await rig.close();
    folder[Symbol.dispose]();
  });

  /** Submits, and waits until the form is told. */
  async function submitAsked(workspace: string, prompt: string) {
    const id = await rig.submit(workspace, prompt);
    const [approval] = await approvals.open(id);
    expect(approval).toMatchObject({
      kind: 'form',
      tool: 'form',
      input: { server: 'form', message: 'Who are you?', mode: 'form', schema: { required: ['name'] } },
    });
    return { id, approvalId: approval?.id ?? '' };
  }

  /** What the server returned is told to the model, as text within text. */
  const isReturned = (words: string): boolean => told.some((body) => body.replaceAll('\\', '').includes(words));

  test('T24: is told at once, and filled in over the API', async () => {
    await rig.run('form', 'echo warm');
    const { id, approvalId } = await submitAsked('form', 'ask one');
    expect((await rig.status(id)).phase).toBe('waiting_approval');
    for (const answers of [{}, { name: 7 }, { name: 'Ada', colour: 'green' }, { name: 'Ada', size: 3 }])
      expect((await approvals.decide(approvalId, { decision: 'allow', answers })).status).toBe(400);
    const answers = { name: 'Ada', age: 36, sure: true, colour: 'blue' };
    expect(await approvals.decide(approvalId, { decision: 'allow', answers })).toMatchObject({
      status: 200,
      body: { state: 'allowed', decidedBy: 'api', answers },
    });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'asked' } });
    expect(isReturned(JSON.stringify({ action: 'accept', content: answers }))).toBe(true);
  });

  test('T24: is declined over the API', async () => {
    const { id, approvalId } = await submitAsked('form', 'ask two');
    expect(await approvals.decide(approvalId, { decision: 'deny' })).toMatchObject({
      status: 200,
      body: { state: 'denied', decidedBy: 'api' },
    });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'asked' } });
    expect(isReturned('{"action":"decline"}')).toBe(true);
  });

  test.each([
    ['filled in', 'allowed', '{"action":"accept","content":{"name":"B"}}'],
    ['cancelled', 'denied', '{"action":"cancel"}'],
  ])('T24: is %s at the terminal', async (how, state, words) => {
    const { id, approvalId } = await submitAsked('form', `ask to be ${how}`);
    const person = await attachPerson(rig.gateway.tmuxSocket, 'form');
    const press = async (key: string, wanted: RegExp): Promise<void> => {
      await until(async () => {
        person.type(key);
        return until(async () => wanted.test(await person.screen()), TAKEN_WITHIN_MS).catch(() => false);
      });
    };
    await person.sees(/❯ \* Name/);
    if (how === 'cancelled') await press('\u001b', /^(?![^]*requests your input)/);
    else {
      await press('B', /Name: B/);
      for (const field of ['age', 'sure', 'colour', 'Accept']) await press('\u001b[B', new RegExp(`❯ +${field}`));
      await press('\r', /^(?![^]*requests your input)/);
    }
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'asked' } });
    expect(await approvals.read(approvalId)).toMatchObject({ state, decidedBy: 'terminal' });
    expect(isReturned(words)).toBe(true);
    await person.leave();
  });

  test('T24: a request that is cancelled before its form leaves an agent that works on', async () => {
    const { id, approvalId } = await submitAsked('form', 'ask and cancel');
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    expect(await approvals.read(approvalId)).toMatchObject({ state: 'expired', decidedBy: 'turn_end' });
    await rig.expectIntact('form');
  });
});
