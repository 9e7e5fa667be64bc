import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApprovalCalls, type Approvals } from '../helpers/approvals.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { attachPerson } from '../helpers/person.ts';
import { until } from '../helpers/until.ts';

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
        if (word === 'twice') {
          const use = { tool: 'Read', input: { file_path: '/etc/hostname' } };
          return { tools: [use, use], answer: 'read twice' };
        }
        if (word === 'delegate') {
          const job = { description: 'a job', prompt: `touch ${name}`, subagent_type: 'general-purpose' };
          const input = name.startsWith('in-front') ? { ...job, run_in_background: false } : job;
          return { tool: 'Agent', input, answer: `delegated ${name}` };
        }
        if (word === 'slowly') {
          const input = { command: `date >> ${name}; sleep 3`, description: 'slowly' };
          return { tool: 'Bash', input, answer: `after ${name}` };
        }
        if (word === 'ask') return { tool: 'AskUserQuestion', input: { questions: [COLOUR] }, answer: 'asked' };
        return `echo: ${prompt}`;
      },
      env: { APPROVAL_TIMEOUT_MS: '600000' },
    });
    approvals = createApprovalCalls(rig.call);
  });
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
  });

  test('a denied tool does not run, and the agent hears why', async () => {
    const id = await rig.submit('w', 'touch denied');
    const [approval] = await approvals.open(id);
    const decided = await approvals.decide(approval?.id ?? '', { decision: 'deny', message: 'not on a Friday' });
    expect(decided).toMatchObject({ status: 200, body: { state: 'denied', decidedBy: 'api' } });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'after denied' } });
    expect(has('w', 'denied')).toBe(false);
    await rig.expectIntact('w');
  });

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
  });

  test('a question is answered with an option', async () => {
    const id = await rig.submit('w', 'ask me');
    const [approval] = await approvals.open(id);
    expect(approval).toMatchObject({ kind: 'question', questions: [COLOUR] });
    const answers = { 'Which colour?': 'Blue' };
    expect((await approvals.decide(approval?.id ?? '', { decision: 'allow' })).status).toBe(400);
    expect((await approvals.decide(approval?.id ?? '', { decision: 'allow', answers })).status).toBe(200);
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'asked' } });
  });

  test('a person at the terminal allows it', async () => {
    const id = await rig.submit('w', 'touch by-person');
    const [approval] = await approvals.open(id);
    const person = await attachPerson(rig.gateway.tmuxSocket, 'w');
    await person.answers('\r');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'after by-person' } });
    expect(await approvals.read(approval?.id ?? '')).toMatchObject({ state: 'allowed', decidedBy: 'terminal' });
    expect((await approvals.decide(approval?.id ?? '', { decision: 'deny' })).status).toBe(409);
    await person.leave();
  });

  test('a person at the terminal says No: the turn is interrupted', async () => {
    const id = await rig.submit('w', 'touch person-no');
    const [approval] = await approvals.open(id);
    const person = await attachPerson(rig.gateway.tmuxSocket, 'w');
    await person.answers('\u001b');
    expect(await rig.ended(id)).toMatchObject({ state: 'failed', reason: 'interrupted' });
    expect(await approvals.read(approval?.id ?? '')).toMatchObject({ state: 'denied', decidedBy: 'terminal' });
    await person.leave();
    await rig.expectIntact('w');
  });

  test('what is remembered is not asked again', async () => {
    const id = await rig.submit('remember', 'touch once');
    const [approval] = await approvals.open(id);
    expect(approval?.canRemember).toBe(true);
    await approvals.decide(approval?.id ?? '', { decision: 'allow', remember: true });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    expect(await rig.run('remember', 'touch twice')).toMatchObject({ state: 'completed' });
    expect(has('remember', 'twice')).toBe(true);
  });

  test('a cancel while it waits', async () => {
    const id = await rig.submit('w', 'touch cancelled');
    const [approval] = await approvals.open(id);
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    expect(await approvals.read(approval?.id ?? '')).toMatchObject({ state: 'expired', decidedBy: 'turn_end' });
    expect(has('w', 'cancelled')).toBe(false);
    await rig.expectIntact('w');
  });

  test('a request that comes while a person’s own dialog stands waits, and its text never reaches the dialog', async () => {
    await rig.run('own', 'hello');
    const person = await attachPerson(rig.gateway.tmuxSocket, 'own');
    person.type('touch by-hand');
    await person.sees('touch by-hand');
    person.type('\r');
    await person.sees('Do you want to proceed?');
    const id = await rig.submit('own', '1');
    await until(async () => (await rig.status(id)).phase === 'preparing');
    // So long that a gateway that does not look would have typed.
    await delay(1_500);
    await person.sees('Do you want to proceed?');
    expect(await approvals.of(id)).toEqual([]);
    await person.answers('\u001b');
    await person.sees('Interrupted');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'echo: 1' } });
    expect(has('own', 'by-hand')).toBe(false);
    await person.leave();
  });

  test('twice the same at once: each has its own decision', async () => {
    const id = await rig.submit('w', 'twice same');
    const [older, newer] = await approvals.open(id, 2);
    expect(await approvals.decide(older?.id ?? '', { decision: 'allow' })).toMatchObject({
      body: { state: 'allowed' },
    });
    expect(await approvals.decide(newer?.id ?? '', { decision: 'deny' })).toMatchObject({ body: { state: 'denied' } });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
  });

  test('a subagent asks, and is denied over the API', async () => {
    const id = await rig.submit('w', 'delegate by-subagent');
    const [approval] = await approvals.open(id);
    expect(approval).toMatchObject({ tool: 'Bash', subagent: expect.any(String) });
    const decided = await approvals.decide(approval?.id ?? '', { decision: 'deny', message: 'not below' });
    expect(decided).toMatchObject({ status: 200, body: { state: 'denied', decidedBy: 'api' } });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    expect(has('w', 'by-subagent')).toBe(false);
  });

  test('a person says No to a subagent', async () => {
    // In the background, where newer versions run it, its dialog is not drawn while a hook may still answer.
    const settings = path.join(rig.root, 'workspaces', 'w', '.claude', 'settings.json');
    await mkdir(path.dirname(settings), { recursive: true });
    await writeFile(settings, JSON.stringify({ env: { CLAUDE_CODE_FORK_SUBAGENT: '0' } }));
    await rig.call('DELETE', '/session/w');
    const id = await rig.submit('w', 'delegate in-front');
    const [approval] = await approvals.open(id);
    const person = await attachPerson(rig.gateway.tmuxSocket, 'w');
    await person.answers('\u001b');
    await rig.ended(id);
    expect(await approvals.read(approval?.id ?? '')).toMatchObject({ state: 'denied', decidedBy: 'terminal' });
    expect(has('w', 'in-front')).toBe(false);
    await person.leave();
    await rig.expectIntact('w');
  });

  test('a permission and a cancel in the same moment: no tool ran that the record does not say was allowed', async () => {
    for (let round = 0; round < 6; round += 1) {
      const id = await rig.submit('w', `slowly race-${round}`);
      const [approval] = await approvals.open(id);
      const deciding = approvals.decide(approval?.id ?? '', { decision: 'allow' });
      // In the last one the command has begun.
      if (round === 5) await until(() => has('w', 'race-5'));
      else await delay(50 + round * 40);
      await rig.call('POST', `/status/${id}/cancel`);
      await deciding;
      await rig.ended(id);
      const { state } = await approvals.read(approval?.id ?? '');
      // One that was allowed may be interrupted before its command does anything.
      if (has('w', `race-${round}`)) expect([round, state]).toEqual([round, 'allowed']);
    }
    await rig.expectIntact('w');
  });

  test('a person’s own dialog waits for them, also when they have gone away', async () => {
    await rig.run('away', 'hello');
    const person = await attachPerson(rig.gateway.tmuxSocket, 'away');
    person.type('touch left-alone');
    await person.sees('touch left-alone');
    person.type('\r');
    await person.sees('Do you want to proceed?');
    await person.leave();
    const id = await rig.submit('away', 'behind it');
    await until(async () => (await rig.status(id)).phase === 'preparing');
    await delay(3_000);
    expect((await rig.call('GET', '/session/away/screen')).text).toContain('Do you want to proceed?');
    const again = await attachPerson(rig.gateway.tmuxSocket, 'away');
    await again.answers('\r');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'echo: behind it' } });
    expect(has('away', 'left-alone')).toBe(true);
    await again.leave();
  });

  test('the turn’s own time stands still while it waits', async () => {
    const id = await rig.submit('w', 'touch patiently', { timeoutMs: 4_000 });
    const [approval] = await approvals.open(id);
    await delay(4_500);
    await approvals.decide(approval?.id ?? '', { decision: 'allow' });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'after patiently' } });
  });
});

describe('an approval that nobody answers, with the real CLI', () => {
  test('is denied after its time, and the agent goes on', async () => {
    const rig = await openFaultRig({
      script: () => ({ tool: 'Bash', input: { command: 'touch late', description: 'late' }, answer: 'without it' }),
      env: { APPROVAL_TIMEOUT_MS: '1000' },
    });
    try {
      const id = await rig.submit('w', 'go');
      expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'without it' } });
      const [approval] = await createApprovalCalls(rig.call).of(id);
      expect(approval).toMatchObject({ state: 'expired', decidedBy: 'timeout', decision: 'deny' });
      expect(existsSync(path.join(rig.root, 'workspaces', 'w', 'late'))).toBe(false);
    } finally {
      await rig.close();
    }
  });
});

describe('an approval that is remembered, with the real CLI', () => {
  test('holds after the session slept, and the agent itself does not ask again', async () => {
    const rig = await openFaultRig({
      script: (prompt) => ({
        tool: 'Write',
        input: { file_path: path.join(rig.root, 'workspaces', 'w', prompt.trim()), content: 'x' },
        answer: 'written',
      }),
      env: { SESSION_IDLE_MS: '1000' },
    });
    const approvals = createApprovalCalls(rig.call);
    try {
      const first = await rig.submit('w', 'one');
      const [approval] = await approvals.open(first);
      await approvals.decide(approval?.id ?? '', { decision: 'allow', remember: true });
      await rig.ended(first);
      await rig.noted('session.slept', 'w');
      const second = await rig.submit('w', 'two');
      expect(await rig.ended(second)).toMatchObject({ state: 'completed', output: { text: 'written' } });
      expect(await approvals.of(second)).toEqual([]);
      expect(existsSync(path.join(rig.root, 'workspaces', 'w', 'two'))).toBe(true);
    } finally {
      await rig.close();
    }
  });
});

describe('a plan, with the real CLI', () => {
  test('is denied with a word, then allowed and carried out without asking for each edit; the next request plans anew', async () => {
    /** The agent is told where to write its plan; where it is not, the plan stands in what it uses the tool with. */
    let file: string | null = null;
    const rig = await openFaultRig({
      seen: (body) => void (file = /[^\s"\\]+\/plans\/[^\s"\\]+\.md/.exec(body)?.[0] ?? file),
      script(prompt) {
        const [word = '', name = ''] = prompt.trim().split(' ');
        if (word === 'draft' && file !== null)
          return { tool: 'Write', input: { file_path: file, content: `1. ${name}` }, answer: 'drafted' };
        if (word === 'draft') return 'drafted';
        const input = { file_path: path.join(rig.root, 'workspaces', 'w', name), content: 'x' };
        const plan = { tool: 'ExitPlanMode', input: { plan: `1. ${name}` } };
        if (word === 'plan') return { ...plan, answer: `planned ${name}` };
        if (word === 'carry') return { tools: [plan, { tool: 'Write', input }], answer: `carried out ${name}` };
        return { tool: 'Write', input, answer: `wrote ${name}` };
      },
      env: { CLAUDE_PERMISSION_MODE: 'plan' },
    });
    const approvals = createApprovalCalls(rig.call);
    try {
      await rig.run('w', 'draft badly');
      const denied = await rig.submit('w', 'plan badly');
      const [first] = await approvals.open(denied);
      expect(first).toMatchObject({ kind: 'plan', input: { plan: '1. badly' } });
      await approvals.decide(first?.id ?? '', { decision: 'deny', message: 'think again' });
      expect(await rig.ended(denied)).toMatchObject({ state: 'completed', output: { text: 'planned badly' } });
      await rig.run('w', 'draft well');
      const allowed = await rig.submit('w', 'carry well');
      const [second] = await approvals.open(allowed);
      await approvals.decide(second?.id ?? '', { decision: 'allow', mode: 'accept_edits' });
      expect(await rig.ended(allowed)).toMatchObject({ state: 'completed', output: { text: 'carried out well' } });
      expect(await approvals.of(allowed)).toMatchObject([{ kind: 'plan', state: 'allowed' }]);
      const written = await rig.submit('w', 'write result');
      const [third] = await approvals.open(written);
      expect(third).toMatchObject({ kind: 'tool', tool: 'Write' });
      await approvals.decide(third?.id ?? '', { decision: 'allow' });
      expect(await rig.ended(written)).toMatchObject({ state: 'completed', output: { text: 'wrote result' } });
    } finally {
      await rig.close();
    }
  });
});
