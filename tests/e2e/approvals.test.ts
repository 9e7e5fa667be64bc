import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApprovalCalls, type Approvals } from '../helpers/approvals.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { attachPerson } from '../helpers/person.ts';

const COLOUR = {
  question: 'Which colour?',
  header: 'Colour',
  multiSelect: false,
  options: [
    { label: 'Red', description: 'as blood' },
    { label: 'Blue', description: 'as the sea' },
  ],
};

describe('approvals, with the real CLI', () => {
  let rig: FaultRig;
  let approvals: Approvals;
  beforeAll(async () => {
    rig = await openFaultRig({
      script(prompt) {
        const [word = '', name = ''] = prompt.trim().split(' ');
        const touch = (file: string): { tool: string; input: object } => ({
          tool: 'Bash',
          input: { command: `date +%s%N >> ${file}`, description: 'make a file' },
        });
        if (word === 'touch') return { ...touch(name), answer: `after ${name}` };
        if (word === 'both') return { tools: [touch(`${name}1`), touch(`${name}2`)], answer: `after ${name}` };
        if (word === 'read')
          return {
            tools: ['/etc/hostname', '/etc/passwd'].map((file) => ({ tool: 'Read', input: { file_path: file } })),
            answer: 'read',
          };
        if (word === 'ask') return { tool: 'AskUserQuestion', input: { questions: [COLOUR] }, answer: 'asked' };
        return `echo: ${prompt}`;
      },
      env: { APPROVAL_TIMEOUT_MS: '600000' },
    });
    approvals = createApprovalCalls(rig.call);
  }, 60_000);
  afterAll(() => rig.close());

  const has = (workspace: string, file: string): boolean =>
    existsSync(path.join(rig.root, 'workspaces', workspace, file));

  test('an allowed tool runs, and the turn goes on', async () => {
    const id = await rig.submit('w', 'touch allowed');
    const [approval] = await approvals.open(id);
    expect(approval).toMatchObject({
      kind: 'tool',
      tool: 'Bash',
      input: { command: expect.stringContaining('allowed') },
    });
    expect((await rig.status(id)).phase).toBe('waiting_approval');
    expect(has('w', 'allowed')).toBe(false);
    const decided = await approvals.decide(approval?.id ?? '', { decision: 'allow' });
    expect(decided).toMatchObject({ status: 200, body: { state: 'allowed', decidedBy: 'api' } });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'after allowed' } });
    expect(has('w', 'allowed')).toBe(true);
    expect((await approvals.decide(approval?.id ?? '', { decision: 'deny' })).status).toBe(409);
  }, 60_000);

  test('a denied tool does not run, and the agent hears why', async () => {
    const id = await rig.submit('w', 'touch denied');
    const [approval] = await approvals.open(id);
    const decided = await approvals.decide(approval?.id ?? '', { decision: 'deny', message: 'not on a Friday' });
    expect(decided).toMatchObject({ status: 200, body: { state: 'denied', decidedBy: 'api' } });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'after denied' } });
    expect(has('w', 'denied')).toBe(false);
    await rig.expectIntact('w');
  }, 60_000);

  test('two at once are each their own', async () => {
    const id = await rig.submit('w', 'read both');
    const [first, second] = await approvals.open(id, 2);
    expect(await approvals.decide(second?.id ?? '', { decision: 'deny' })).toMatchObject({ body: { state: 'denied' } });
    expect((await approvals.read(first?.id ?? '')).state).toBe('open');
    expect((await rig.status(id)).phase).toBe('waiting_approval');
    expect(await approvals.decide(first?.id ?? '', { decision: 'allow' })).toMatchObject({
      body: { state: 'allowed' },
    });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
  }, 60_000);

  test('a question is answered with an option', async () => {
    const id = await rig.submit('w', 'ask me');
    const [approval] = await approvals.open(id);
    expect(approval).toMatchObject({ kind: 'question', questions: [COLOUR] });
    const answers = { 'Which colour?': 'Blue' };
    expect((await approvals.decide(approval?.id ?? '', { decision: 'allow' })).status).toBe(400);
    expect((await approvals.decide(approval?.id ?? '', { decision: 'allow', answers })).status).toBe(200);
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'asked' } });
  }, 60_000);

  test('a person at the terminal allows it', async () => {
    const id = await rig.submit('w', 'touch by-person');
    const [approval] = await approvals.open(id);
    const person = await attachPerson(rig.gateway.tmuxSocket, 'w');
    await person.sees('Do you want to proceed?');
    person.type('\r');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'after by-person' } });
    expect(await approvals.read(approval?.id ?? '')).toMatchObject({ state: 'allowed', decidedBy: 'terminal' });
    expect((await approvals.decide(approval?.id ?? '', { decision: 'deny' })).status).toBe(409);
    await person.leave();
  }, 60_000);

  test('a person at the terminal says No: the turn is interrupted', async () => {
    const id = await rig.submit('w', 'touch person-no');
    const [approval] = await approvals.open(id);
    const person = await attachPerson(rig.gateway.tmuxSocket, 'w');
    await person.sees('Do you want to proceed?');
    person.type('\u001b');
    expect(await rig.ended(id)).toMatchObject({ state: 'failed', reason: 'interrupted' });
    expect(await approvals.read(approval?.id ?? '')).toMatchObject({ state: 'denied', decidedBy: 'terminal' });
    await person.leave();
    await rig.expectIntact('w');
  }, 60_000);

  test('what is remembered is not asked again, also after the session slept', async () => {
    const id = await rig.submit('remember', 'touch once');
    const [approval] = await approvals.open(id);
    expect(approval?.canRemember).toBe(true);
    await approvals.decide(approval?.id ?? '', { decision: 'allow', remember: true });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    expect(await rig.run('remember', 'touch twice')).toMatchObject({ state: 'completed' });
    expect(has('remember', 'twice')).toBe(true);
  }, 60_000);

  test('a cancel while it waits', async () => {
    const id = await rig.submit('w', 'touch cancelled');
    const [approval] = await approvals.open(id);
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    expect(await approvals.read(approval?.id ?? '')).toMatchObject({ state: 'expired', decidedBy: 'turn_end' });
    expect(has('w', 'cancelled')).toBe(false);
    await rig.expectIntact('w');
  }, 60_000);
});
