import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApprovalCalls, type ApprovalDocument, type Approvals } from '../helpers/approvals.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import { runProgram } from '../../src/lib/run-program.ts';
import { until } from '../helpers/until.ts';

/** `touch <name>` writes a line to a file of that name, once it is allowed. */
describe('approvals over a kill -9, with the real CLI', () => {
  let rig: ProcessRig;
  let approvals: Approvals;
  beforeAll(async () => {
    rig = await openProcessRig((prompt) => {
      const [word, name] = prompt.trim().split('\n').at(-1)?.split(' ') ?? [];
      if (word !== 'touch') return `echo: ${prompt}`;
      const input = { command: `echo ran >> ${name}`, description: 'write a line' };
      return { tool: 'Bash', input, answer: `after ${name}` };
    });
    approvals = createApprovalCalls(rig.call);
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  const submit = async (name: string): Promise<string> =>
    (await rig.call('POST', '/execute', { json: { workspace: 'w', command: `touch ${name}` } })).body[
      'requestId'
    ] as string;
  const ended = async (id: string): Promise<Readonly<Record<string, unknown>>> =>
    (await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=60' } })).body;
  /** How often the tool ran. */
  const runs = (name: string): number => {
    const file = path.join(rig.root, 'workspaces', 'w', name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  };
  const press = (...keys: readonly string[]): Promise<unknown> =>
    runProgram('tmux', ['-S', rig.tmuxSocket, 'send-keys', '-t', '=claude-w:', ...keys]);
  const dialogStands = (): Promise<unknown> =>
    until(async () => {
      const { stdout } = await runProgram('tmux', ['-S', rig.tmuxSocket, 'capture-pane', '-p', '-t', '=claude-w:']);
      return stdout.includes('Do you want to proceed?');
    });

  async function ask(name: string): Promise<{ readonly id: string; readonly approval: ApprovalDocument }> {
    const id = await submit(name);
    const [approval] = await approvals.open(id);
    if (approval === undefined) throw new Error('nothing was asked');
    await dialogStands();
    return { id, approval };
  }

  test('the gateway alone: it stays open, and is then allowed at the dialog', async () => {
    const { id, approval } = await ask('allowed');
    await rig.stop('SIGKILL');
    await rig.start();
    expect(await approvals.read(approval.id)).toMatchObject({ state: 'open', decision: null });
    expect((await rig.call('GET', `/status/${id}`)).body).toMatchObject({ phase: 'waiting_approval' });
    const decided = await approvals.decide(approval.id, { decision: 'allow' });
    expect(decided).toMatchObject({ status: 200, body: { state: 'allowed', decidedBy: 'api' } });
    expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: 'after allowed' } });
    expect(runs('allowed')).toBe(1);
  }, 90_000);

  test('the gateway alone: it stays open, and is then denied at the dialog, with a word to the agent', async () => {
    const { id, approval } = await ask('denied');
    await rig.stop('SIGKILL');
    await rig.start();
    const decided = await approvals.decide(approval.id, { decision: 'deny', message: 'not on\na Friday' });
    expect(decided).toMatchObject({ status: 200, body: { state: 'denied', decidedBy: 'api' } });
    expect(await ended(id)).toMatchObject({ state: 'completed', output: { text: 'after denied' } });
    expect(runs('denied')).toBe(0);
  }, 90_000);

  test('a decision that was on disk and not given is given after the start', async () => {
    const { id, approval } = await ask('decided');
    await rig.stop('SIGKILL');
    // As a gateway that was killed between the two leaves it.
    noteDecision(path.join(rig.root, 'data', 'gatehouse.db'), approval.id);
    await rig.start();
    expect(await ended(id)).toMatchObject({ state: 'completed' });
    expect(await approvals.read(approval.id)).toMatchObject({ state: 'allowed', decidedBy: 'api' });
    expect(runs('decided')).toBe(1);
  }, 90_000);

  test.each([
    ['Enter', 'allowed', 1, 'completed'],
    ['Escape', 'denied', 0, 'failed'],
  ] as const)(
    'a person answers with %s while no gateway runs',
    async (key, state, times, end) => {
      const name = `meanwhile-${state}`;
      const { id, approval } = await ask(name);
      await rig.stop('SIGKILL');
      await press(key);
      await rig.start();
      expect(await ended(id)).toMatchObject({ state: end });
      expect(await approvals.read(approval.id)).toMatchObject({ state, decidedBy: 'terminal' });
      expect(runs(name)).toBe(times);
    },
    90_000,
  );

  test('with tmux: the request fails, the approval is closed, the tool never ran, and the session goes on', async () => {
    const { id, approval } = await ask('host');
    await rig.killHost();
    await rig.start();
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: 'host_restarted' });
    expect(await approvals.read(approval.id)).toMatchObject({ state: 'expired', decidedBy: 'turn_end' });
    expect(runs('host')).toBe(0);
    const next = (await rig.call('POST', '/execute', { json: { workspace: 'w', command: 'go on' } })).body['requestId'];
    expect(await ended(next as string)).toMatchObject({ state: 'completed' });
  }, 90_000);

  test.each(['gateway', 'host'] as const)(
    'a decision and the end of the %s in the same moment',
    async (kind) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const name = `${kind}-${round}`;
        const { id, approval } = await ask(name);
        const decision = round % 2 === 0 ? 'allow' : 'deny';
        const told = approvals.decide(approval.id, { decision }).catch(() => null);
        await delay(round * STEP_MS);
        await (kind === 'gateway' ? rig.stop('SIGKILL') : rig.killHost());
        const answer = await told;
        await rig.start();
        const left = await approvals.read(approval.id);
        if (left.state === 'open' && left.decision === null) await approvals.decide(approval.id, { decision });
        const end = await ended(id);
        const last = await approvals.read(approval.id);
        if (answer?.status === 200) expect(last.state).toBe(decision === 'allow' ? 'allowed' : 'denied');
        expect([name, last.state, runs(name) > 1]).not.toContain('open');
        if (kind === 'gateway') {
          expect([name, end['state'], last.state, runs(name)]).toEqual(
            decision === 'allow' ? [name, 'completed', 'allowed', 1] : [name, 'completed', 'denied', 0],
          );
        } else {
          expect(runs(name)).toBeLessThanOrEqual(last.state === 'allowed' ? 1 : 0);
        }
      }
    },
    240_000,
  );
});

const ROUNDS = 8;
const STEP_MS = 9;

function noteDecision(database: string, id: string): void {
  const decision = JSON.stringify({ allow: true, message: null, remember: false, answers: null, mode: null });
  const db = new DatabaseSync(database);
  db.prepare("UPDATE approvals SET decision = ?, decided_by = 'api', decided_at = created_at WHERE id = ?").run(
    decision,
    id,
  );
  db.close();
}
