import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attachPerson } from '../helpers/person.ts';
import { openTouchRig, type TouchRig } from '../helpers/touch-rig.ts';
import { until } from '../helpers/until.ts';

describe('approvals over a kill -9, with the real CLI', () => {
  let rig: TouchRig;
  beforeAll(async () => void (rig = await openTouchRig()));
  afterAll(() => rig.close());

  test('the gateway alone: it stays open, and is then allowed at the dialog', async () => {
    const { id, approval } = await rig.ask('allowed');
    await rig.stop('SIGKILL');
    await rig.start();
    expect(await rig.approvals.read(approval.id)).toMatchObject({ state: 'open', decision: null });
    expect((await rig.call('GET', `/status/${id}`)).body).toMatchObject({ phase: 'waiting_approval' });
    const decided = await rig.approvals.decide(approval.id, { decision: 'allow' });
    expect(decided).toMatchObject({ status: 200, body: { state: 'allowed', decidedBy: 'api' } });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'after allowed' } });
    expect(rig.runs('allowed')).toBe(1);
  });

  test('the gateway alone: it stays open, and is then denied at the dialog, with a word to the agent', async () => {
    const { id, approval } = await rig.ask('denied');
    await rig.stop('SIGKILL');
    await rig.start();
    const decided = await rig.approvals.decide(approval.id, { decision: 'deny', message: 'not on\na Friday' });
    expect(decided).toMatchObject({ status: 200, body: { decidedBy: 'api' } });
    await until(async () => (await rig.approvals.read(approval.id)).state === 'denied');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'after denied' } });
    expect(rig.runs('denied')).toBe(0);
  });

  test('a decision that was on disk and not given is given after the start', async () => {
    const { id, approval } = await rig.ask('decided');
    await rig.stop('SIGKILL');
    // As a gateway that was killed between the two leaves it.
    noteDecision(path.join(rig.root, 'data', 'gatehouse.db'), approval.id);
    await rig.start();
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    expect(await rig.approvals.read(approval.id)).toMatchObject({ state: 'allowed', decidedBy: 'api' });
    expect(rig.runs('decided')).toBe(1);
  });

  test.each([
    ['\r', 'allowed', 1, 'completed'],
    ['\u001b', 'denied', 0, 'failed'],
  ] as const)('a person answers with %j while no gateway runs, and leaves', async (key, state, times, end) => {
    const name = `meanwhile-${state}`;
    const { id, approval } = await rig.ask(name);
    await rig.stop('SIGKILL');
    const person = await attachPerson(rig.tmuxSocket, 'w');
    await person.answers(key);
    await person.leave();
    await rig.start();
    expect(await rig.ended(id)).toMatchObject({ state: end });
    expect(await rig.approvals.read(approval.id)).toMatchObject({ state, decidedBy: 'terminal' });
    expect(rig.runs(name)).toBe(times);
  });

  test('T21: keys that nobody pressed who was attached, while no gateway runs, are not told as a person’s', async () => {
    const { id, approval } = await rig.ask('by-itself');
    await rig.stop('SIGKILL');
    await rig.answersItself('Enter');
    await rig.start();
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    expect(await rig.approvals.read(approval.id)).toMatchObject({ state: 'allowed', decidedBy: 'agent' });
  });

  test('with tmux: the request fails, the approval is closed, the tool never ran, and the session goes on', async () => {
    const { id, approval } = await rig.ask('host');
    await rig.killHost();
    await rig.start();
    expect(await rig.ended(id)).toMatchObject({ state: 'failed', reason: 'host_restarted' });
    expect(await rig.approvals.read(approval.id)).toMatchObject({ state: 'expired', decidedBy: 'turn_end' });
    expect(rig.runs('host')).toBe(0);
    expect(await rig.ended(await rig.submit('go on'))).toMatchObject({ state: 'completed' });
  });
});

function noteDecision(database: string, id: string): void {
  const decision = JSON.stringify({ allow: true, message: null, remember: false, answers: null, mode: null });
  const db = new DatabaseSync(database);
  db.prepare("UPDATE approvals SET decision = ?, decided_by = 'api', decided_at = created_at WHERE id = ?").run(
    decision,
    id,
  );
  db.close();
}
