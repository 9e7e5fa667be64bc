import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ApprovalRecord } from '../../../../../src/core/model/approval.ts';
import { createFakeHooks, says } from '../../../../helpers/fake-hooks.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse, type House } from '../house.ts';

const ASK = 'May this run in production?';

async function opened(house: House, requestId: string): Promise<ApprovalRecord> {
  let found: ApprovalRecord | undefined;
  await until(async () => {
    found = (await house.store.listApprovals({ requestId, state: 'open' }, 10)).approvals[0];
    return found !== undefined;
  });
  if (found === undefined) throw new Error('nothing waits');
  return found;
}

const asking = () =>
  createFakeHooks({ gate: () => says({ ask: ASK, metadata: { gate: true } }), behind: () => says({}) });

describe('a hook that asks a person', () => {
  test('holds the request in an approval of its own kind; once allowed, the next hook is asked and it runs', async () => {
    const hooks = asking();
    await using house = await openHouse({ hooks });
    await house.start();
    const id = await house.ask('prod', 'deploy');
    const approval = await opened(house, id);
    expect(approval).toMatchObject({ kind: 'hook', tool: 'gate', input: { ask: ASK, prompt: 'deploy' }, rules: [] });
    expect((await house.store.readRequest(id))?.phase).toBe('waiting_approval');
    expect(house.driver.opened).toEqual([]);
    expect(hooks.asked).toEqual(['gate deploy']);
    expect(await house.api.approvals.decide(approval.id, { allow: true })).toMatchObject({ state: 'allowed' });
    expect(await house.ended(id)).toMatchObject({ state: 'completed', hookMetadata: { gate: true } });
    expect(hooks.asked).toEqual(['gate deploy', 'behind deploy']);
  });

  test('denies with the words of who denied', async () => {
    const hooks = asking();
    await using house = await openHouse({ hooks });
    await house.start();
    const id = await house.ask('prod', 'deploy');
    await house.api.approvals.decide((await opened(house, id)).id, { allow: false, message: 'Not today.' });
    expect(await house.ended(id)).toMatchObject({ state: 'failed', reason: 'hook_denied', error: 'Not today.' });
    expect(hooks.asked).toEqual(['gate deploy']);
  });

  test('denies when nobody decides in time; the deadline of the request stands still meanwhile', async () => {
    await using house = await openHouse({ hooks: asking(), settings: { approvalTimeoutMs: 60_000 } });
    await house.start();
    const id = await house.ask('prod', 'deploy', { timeoutMs: 5_000 });
    const approval = await opened(house, id);
    house.clock.advance(59_999);
    expect((await house.store.readRequest(id))?.state).toBe('running');
    house.clock.advance(1);
    expect(await house.ended(id)).toMatchObject({ reason: 'hook_denied', error: expect.stringContaining('in time') });
    expect(await house.store.readApproval(approval.id)).toMatchObject({ state: 'expired', decidedBy: 'timeout' });
  });

  test('waits no longer when the request is cancelled', async () => {
    await using house = await openHouse({ hooks: asking() });
    await house.start();
    const id = await house.ask('prod', 'deploy');
    const approval = await opened(house, id);
    await house.api.requests.cancel(id);
    expect((await house.ended(id)).state).toBe('cancelled');
    expect(await house.store.readApproval(approval.id)).toMatchObject({ state: 'expired', decidedBy: 'turn_end' });
  });

  test('asks again after a restart; what was decided before it stands', async () => {
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gatehouse-house-')));
    try {
      let id = '';
      {
        await using house = await openHouse({ hooks: asking(), folder });
        await house.start();
        id = await house.ask('prod', 'deploy');
        await opened(house, id);
      }
      {
        await using house = await openHouse({ hooks: asking(), folder });
        await house.start();
        const second = await opened(house, id);
        // Decided, and the process ends before the turn has heard of it.
        await house.store.decideApproval(second.id, ALLOWED, 'api', house.clock.now());
      }
      const hooks = asking();
      await using house = await openHouse({ hooks, folder });
      await house.start();
      expect((await house.ended(id)).state).toBe('completed');
      expect(hooks.asked).toEqual(['gate deploy', 'behind deploy']);
      const { approvals } = await house.store.listApprovals({ requestId: id }, 10);
      expect(approvals.map(({ state }) => state)).toEqual(['allowed', 'expired']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const ALLOWED = { allow: true, message: null, remember: false, answers: null, mode: null } as const;
