import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTouchRig, type TouchRig } from '../helpers/touch-rig.ts';

const ROUNDS = 8;
const STEP_MS = 9;

export function describeRestartRace(kind: 'gateway' | 'host'): void {
  describe('approvals over a kill -9, with the real CLI', () => {
    let rig: TouchRig;
    beforeAll(async () => void (rig = await openTouchRig()));
    afterAll(() => rig.close());

    test(`a decision and the end of the ${kind} in the same moment`, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const name = `${kind}-${round}`;
        const { id, approval } = await rig.ask(name);
        const decision = round % 2 === 0 ? 'allow' : 'deny';
        const told = rig.approvals.decide(approval.id, { decision }).catch(() => null);
        await delay(round * STEP_MS);
        await (kind === 'gateway' ? rig.stop('SIGKILL') : rig.killHost());
        const answer = await told;
        await rig.start();
        const left = await rig.approvals.read(approval.id);
        if (left.state === 'open' && left.decision === null) await rig.approvals.decide(approval.id, { decision });
        const end = await rig.ended(id);
        const last = await rig.approvals.read(approval.id);
        if (answer?.status === 200) expect(last.state).toBe(decision === 'allow' ? 'allowed' : 'denied');
        expect({ name, state: last.state }).not.toEqual({ name, state: 'open' });
        if (kind === 'gateway') {
          expect([name, end['state'], last.state, rig.runs(name)]).toEqual(
            decision === 'allow' ? [name, 'completed', 'allowed', 1] : [name, 'completed', 'denied', 0],
          );
        } else {
          expect(rig.runs(name)).toBeLessThanOrEqual(last.state === 'allowed' ? 1 : 0);
        }
      }
    }, 240_000);
  });
}
