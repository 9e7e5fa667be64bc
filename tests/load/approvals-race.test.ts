import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApprovalCalls, type Approvals } from '../helpers/approvals.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { attachPerson, type Person } from '../helpers/person.ts';
import { until } from '../helpers/until.ts';

/** Approvals in all; a full run of the 200 is `RACES=200`. */
const RACES = Number(process.env['RACES'] ?? 40);
const SESSIONS = 4;
const KEYS = { Enter: '\r', Escape: '\u001b' } as const;

interface Race {
  readonly name: string;
  readonly decision: 'allow' | 'deny';
  readonly key: 'Enter' | 'Escape';
  /** From the API's call to the key; negative: the key comes first. */
  readonly aheadMs: number;
}

describe('decided over the API and at the terminal in the same moment, with the real CLI', () => {
  let rig: FaultRig;
  let approvals: Approvals;
  beforeAll(async () => {
    rig = await openFaultRig({
      script(prompt) {
        const name = /touch (\S+)/.exec(prompt.split('\n').at(-1) ?? '')?.[1];
        if (name === undefined) return `echo: ${prompt}`;
        return {
          tool: 'Bash',
          input: { command: `echo ran >> ${name}`, description: 'write' },
          answer: `after ${name}`,
        };
      },
    });
    approvals = createApprovalCalls(rig.call);
  });
  afterAll(() => rig.close());

  async function run(workspace: string, person: Person, { name, decision, key, aheadMs }: Race): Promise<string> {
    const id = await rig.submit(workspace, `touch ${name}`);
    const [approval] = await approvals.open(id);
    if (approval === undefined) throw new Error('nothing was asked');
    await until(async () => (await rig.call('GET', `/session/${workspace}/screen`)).text.includes('Do you want to'));
    const [told] = await Promise.all([
      delay(Math.max(0, -aheadMs)).then(() => approvals.decide(approval.id, { decision })),
      delay(Math.max(0, aheadMs)).then(() => person.type(KEYS[key])),
    ]);
    const end = await rig.ended(id);
    const { state, decidedBy } = await approvals.read(approval.id);
    const ran = existsSync(path.join(rig.root, 'workspaces', workspace, name));
    // The record says what happened.
    expect({ name, ran }).toEqual({ name, ran: state === 'allowed' });
    // One winner, and the caller was told.
    expect({ name, status: told.status }).toEqual({ name, status: decidedBy === 'api' ? 200 : 409 });
    if (decidedBy === 'api') expect(state).toBe(decision === 'allow' ? 'allowed' : 'denied');
    else expect([state, decidedBy]).toEqual([key === 'Enter' ? 'allowed' : 'denied', 'terminal']);
    // An Escape that came late interrupts the turn, as it does at any other time.
    if (key === 'Enter') expect(end).toMatchObject({ state: 'completed', output: { text: `after ${name}` } });
    else expect(['completed', 'failed']).toContain(end.state);
    return `${decidedBy} ${state}`;
  }

  test(`${RACES} approvals have one winner each, and the composers stay clean`, async () => {
    const counts = new Map<string, number>();
    await Promise.all(
      Array.from({ length: SESSIONS }, async (_, session) => {
        await rig.run(`w${session}`, 'warm');
        const person = await attachPerson(rig.gateway.tmuxSocket, `w${session}`);
        for (let round = 0; round < RACES / SESSIONS; round += 1) {
          const race: Race = {
            name: `r${session}-${round}`,
            decision: round % 2 === 0 ? 'allow' : 'deny',
            key: round % 4 < 2 ? 'Enter' : 'Escape',
            aheadMs: ((round * 7 + session * 3) % 41) - 20,
          };
          const winner = await run(`w${session}`, person, race);
          counts.set(winner, (counts.get(winner) ?? 0) + 1);
        }
        await rig.expectIntact(`w${session}`);
        await person.leave();
      }),
    );
    const events = await rig.events();
    expect(events.filter(({ type }) => type === 'composer.cleared')).toEqual([]);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(RACES);
    if (process.env['RACES'] !== undefined) process.stdout.write(`${JSON.stringify(Object.fromEntries(counts))}\n`);
  }, 600_000);
});
