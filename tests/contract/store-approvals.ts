import { describe, expect, test } from '@jest/globals';
import type { AgentRule, ApprovalRecord, Decider, Decision } from '../../src/core/model/approval.ts';
import type { RequestRecord } from '../../src/core/model/request.ts';
import type { NewApproval, Store } from '../../src/core/ports/store.ts';
import { ALLOW, DENY, LS } from '../helpers/examples.ts';
import {
  anApproval,
  aRequest,
  CANCELLED,
  COMPLETED,
  enqueue,
  eventTypes,
  mustClaim,
  type OpenStore,
  T0,
  withStore,
} from './store-fixtures.ts';

const REMEMBER: Decision = { ...ALLOW, remember: true };
const EDITS: AgentRule = { type: 'setMode', mode: 'acceptEdits', destination: 'session' };

/** Runs a request, in which these are open. */
async function runWith(store: Store, ...approvals: readonly NewApproval[]): Promise<RequestRecord> {
  const requestId = approvals[0]?.requestId ?? 'a';
  const workspace = approvals[0]?.workspace ?? 'demo';
  await enqueue(store, aRequest(requestId, { workspace }));
  const turn = await mustClaim(store, workspace);
  await store.progress(turn, { phase: 'preparing', transcriptOffset: 0 }, T0);
  await store.progress(turn, { phase: 'working' }, T0);
  for (const approval of approvals) await mustOpen(store, turn, approval);
  return turn;
}

async function mustOpen(store: Store, turn: RequestRecord, approval: NewApproval): Promise<ApprovalRecord> {
  const opened = await store.openApproval(turn, approval);
  if (opened === null) throw new Error(`not opened: ${approval.id}`);
  return opened;
}

const phaseOf = async (store: Store): Promise<string | null | undefined> => (await store.readRequest('a'))?.phase;

async function lastEvents(store: Store, count: number) {
  return (await store.listEvents(0, 10_000)).slice(-count);
}

export function describeApprovals(open: OpenStore): void {
  describe('an approval that is opened', () => {
    test('comes back as it was handed in, with its event, and its turn waits', () =>
      withStore(open, async ({ store }) => {
        const turn = await runWith(store);
        const asked = anApproval('one', { subagent: 'sub-1' });
        const opened = await store.openApproval(turn, asked);
        expect(opened).toEqual({ ...asked, state: 'open', decision: null, decidedBy: null, decidedAt: null });
        expect(await store.readApproval('one')).toEqual(opened);
        expect(await phaseOf(store)).toBe('waiting_approval');
        expect(await lastEvents(store, 1)).toMatchObject([
          {
            type: 'approval.opened',
            requestId: 'a',
            workspace: 'demo',
            at: T0,
            data: { approvalId: 'one', kind: 'tool', tool: 'Bash' },
          },
        ]);
      }));

    test.each([
      ['open', async () => {}],
      ['decided', (store: Store) => store.decideApproval('one', DENY, 'api', T0)],
      ['settled', (store: Store) => store.settleApproval('one', { state: 'allowed', by: 'terminal' }, T0)],
    ] as const)('a second time for the same use of a tool, is the first one, %s as it is', (_name, change) =>
      withStore(open, async ({ store }) => {
        const turn = await runWith(store, anApproval('one'));
        await change(store);
        const before = [await store.readApproval('one'), await phaseOf(store), await eventTypes(store)];
        const again = await store.openApproval(turn, anApproval('two', { toolUseId: 'use-one', tool: 'Write' }));
        expect([again, await phaseOf(store), await eventTypes(store)]).toEqual(before);
        expect(await store.readApproval('two')).toBeNull();
      }),
    );

    test('for the same use of a tool by two writers at once, is one', () =>
      withStore(open, async ({ store }) => {
        const turn = await runWith(store);
        const both = ['one', 'two'].map((id) => store.openApproval(turn, anApproval(id, { toolUseId: 'same' })));
        expect((await Promise.all(both)).map((approval) => approval?.id)).toEqual(['one', 'one']);
      }));

    test('for a tool use of another request, is its own', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one', { toolUseId: 'same' }));
        await runWith(store, anApproval('two', { toolUseId: 'same', requestId: 'b', workspace: 'other' }));
        expect((await store.readApproval('two'))?.requestId).toBe('b');
      }));

    test('by a former owner of the turn, is none and changes nothing', () =>
      withStore(open, async ({ store }) => {
        const stale = await runWith(store);
        await store.requeue(stale, T0);
        const turn = await mustClaim(store);
        const before = await eventTypes(store);
        expect(await store.openApproval(stale, anApproval('one'))).toBeNull();
        expect([await phaseOf(store), await eventTypes(store)]).toEqual(['preparing', before]);
        await store.end(turn, COMPLETED, T0);
        expect(await store.openApproval(turn, anApproval('one'))).toBeNull();
        expect(await store.readApproval('one')).toBeNull();
      }));

    test('is there for the next process', () =>
      withStore(open, async (bench) => {
        await runWith(bench.store, anApproval('one'));
        await bench.store.decideApproval('one', REMEMBER, 'api', T0 + 1);
        const before = await bench.store.readApproval('one');
        const store = await bench.reopen();
        expect(await store.readApproval('one')).toEqual(before);
        expect(await phaseOf(store)).toBe('waiting_approval');
      }));
  });

  describe('a decision', () => {
    test('is noted, and the approval stays open until the agent has taken it', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'));
        const before = await eventTypes(store);
        expect(await store.decideApproval('one', DENY, 'api', T0 + 5)).toBe(true);
        expect(await store.readApproval('one')).toMatchObject({
          state: 'open',
          decision: DENY,
          decidedBy: 'api',
          decidedAt: T0 + 5,
        });
        expect([await phaseOf(store), await eventTypes(store)]).toEqual(['waiting_approval', before]);
      }));

    test('keeps answers and mode', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'), anApproval('two'));
        const answered: Decision = { ...ALLOW, answers: { 'Which colour?': 'Blue', 'Which sizes?': ['S', 'L'] } };
        const planned: Decision = { ...ALLOW, mode: 'accept_edits' };
        await store.decideApproval('one', answered, 'api', T0);
        await store.decideApproval('two', planned, 'api', T0);
        expect((await store.readApproval('one'))?.decision).toEqual(answered);
        expect((await store.readApproval('two'))?.decision).toEqual(planned);
      }));

    test('is the first one, of 24 at once', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'));
        const all = Array.from({ length: 24 }, (_, index): [Decision, Decider] => [
          { ...DENY, message: `by ${index}` },
          index % 2 === 0 ? 'api' : 'timeout',
        ]);
        const won = await Promise.all(all.map(([decision, by]) => store.decideApproval('one', decision, by, T0)));
        expect(won).toEqual([true, ...Array.from({ length: 23 }, () => false)]);
        expect((await store.readApproval('one'))?.decision?.message).toBe('by 0');
      }));

    test.each([
      ['was settled', (store: Store) => store.settleApproval('one', { state: 'denied', by: 'terminal' }, T0)],
      ['nobody knows', async () => {}],
    ] as const)('on one that %s is refused', (name, change) =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'));
        await change(store);
        const id = name === 'nobody knows' ? 'unknown' : 'one';
        expect(await store.decideApproval(id, ALLOW, 'api', T0)).toBe(false);
        expect((await store.readApproval('one'))?.decision).toBeNull();
      }),
    );
  });

  describe('an approval that is settled', () => {
    test.each(['allowed', 'denied', 'expired'] as const)(
      'becomes %s with its event, and its turn works again',
      (state) =>
        withStore(open, async ({ store }) => {
          await runWith(store, anApproval('one'));
          expect(await store.settleApproval('one', { state, by: 'timeout' }, T0 + 7)).toBe(true);
          expect(await store.readApproval('one')).toMatchObject({ state, decidedBy: 'timeout', decidedAt: T0 + 7 });
          expect(await phaseOf(store)).toBe('working');
          expect(await lastEvents(store, 1)).toMatchObject([
            {
              type: `approval.${state}`,
              requestId: 'a',
              workspace: 'demo',
              at: T0 + 7,
              data: { approvalId: 'one', by: 'timeout' },
            },
          ]);
        }),
    );

    test('keeps the instant of its decision', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'));
        await store.decideApproval('one', ALLOW, 'api', T0 + 1);
        await store.settleApproval('one', { state: 'allowed', by: 'api' }, T0 + 9);
        expect(await store.readApproval('one')).toMatchObject({ decision: ALLOW, decidedAt: T0 + 1 });
      }));

    test('lets the turn work only after the last one that is open', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'), anApproval('two'));
        await store.settleApproval('one', { state: 'allowed', by: 'api' }, T0);
        expect(await phaseOf(store)).toBe('waiting_approval');
        await store.settleApproval('two', { state: 'denied', by: 'api' }, T0);
        expect(await phaseOf(store)).toBe('working');
      }));

    test('lets a turn whose prompt was not pasted go on before that', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('a'));
        const turn = await mustClaim(store, 'demo');
        await mustOpen(store, turn, anApproval('one', { kind: 'dialog' }));
        expect(await phaseOf(store)).toBe('waiting_approval');
        await store.settleApproval('one', { state: 'allowed', by: 'api' }, T0);
        expect(await phaseOf(store)).toBe('preparing');
      }));

    test('is settled once', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'));
        const ends = await Promise.all([
          store.settleApproval('one', { state: 'allowed', by: 'api' }, T0),
          store.settleApproval('one', { state: 'denied', by: 'terminal' }, T0),
        ]);
        expect(ends).toEqual([true, false]);
        expect((await store.readApproval('one'))?.state).toBe('allowed');
        expect((await eventTypes(store)).filter((type) => type.startsWith('approval.'))).toEqual([
          'approval.opened',
          'approval.allowed',
        ]);
        expect(await store.settleApproval('unknown', { state: 'denied', by: 'api' }, T0)).toBe(false);
      }));

    test.each(['terminal', 'rule'] as const)(
      'by a %s has no decision: the one that came too late was not carried out',
      (by) =>
        withStore(open, async ({ store }) => {
          await runWith(store, anApproval('one'));
          await store.decideApproval('one', DENY, 'api', T0 + 1);
          await store.settleApproval('one', { state: 'allowed', by }, T0 + 2);
          expect(await store.readApproval('one')).toMatchObject({ state: 'allowed', decision: null, decidedBy: by });
        }),
    );

    test('after its turn has ended changes nothing', () =>
      withStore(open, async ({ store }) => {
        const turn = await runWith(store, anApproval('one'));
        await store.end(turn, COMPLETED, T0);
        const before = [await store.readApproval('one'), await eventTypes(store)];
        expect(await store.settleApproval('one', { state: 'allowed', by: 'api' }, T0 + 1)).toBe(false);
        expect([await store.readApproval('one'), await eventTypes(store)]).toEqual(before);
      }));
  });

  describe('rules', () => {
    const settle = async (store: Store, id: string, decision: Decision, by: Decider = 'api') => {
      await store.decideApproval(id, decision, 'api', T0);
      await store.settleApproval(id, { state: decision.allow ? 'allowed' : 'denied', by }, T0);
    };

    test('are those that were allowed with remember, each once, also for the next process', () =>
      withStore(open, async (bench) => {
        await runWith(
          bench.store,
          anApproval('one', { rules: [LS] }),
          anApproval('two', { rules: [EDITS, LS] }),
          anApproval('three', { rules: [LS] }),
        );
        expect(await bench.store.readRules('demo')).toEqual([]);
        for (const id of ['one', 'two', 'three']) await settle(bench.store, id, REMEMBER);
        const store = await bench.reopen();
        expect(await store.readRules('demo')).toEqual([LS, EDITS]);
      }));

    test.each<[string, Decision, Decider]>([
      ['allowed for this once', ALLOW, 'api'],
      ['denied', { ...DENY, remember: true }, 'api'],
      ['decided too late', REMEMBER, 'terminal'],
    ])('of an approval that was %s are not added', (_name, decision, by) =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'));
        await settle(store, 'one', decision, by);
        expect(await store.readRules('demo')).toEqual([]);
      }),
    );

    test('hold for their session alone', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('one'));
        await enqueue(store, aRequest('b', { workspace: 'other' }));
        await settle(store, 'one', REMEMBER);
        expect(await store.readRules('other')).toEqual([]);
        expect(await store.readRules('unknown')).toEqual([]);
      }));

    test('are forgotten with their session', () =>
      withStore(open, async ({ store }) => {
        const turn = await runWith(store, anApproval('one'));
        await settle(store, 'one', REMEMBER);
        await store.end(turn, COMPLETED, T0);
        await store.deleteSession('demo', T0);
        expect(await store.readRules('demo')).toEqual([]);
        await enqueue(store, aRequest('b'));
        expect(await store.readRules('demo')).toEqual([]);
      }));
  });

  describe('the end of a turn', () => {
    test.each<[string, Decision | null, Decider, object]>([
      ['expires what nobody decided', null, 'api', { state: 'expired', decidedBy: 'turn_end', decidedAt: T0 + 9 }],
      ['leaves what was allowed allowed', ALLOW, 'api', { state: 'allowed', decidedBy: 'api', decidedAt: T0 + 1 }],
      ['leaves what was denied denied', DENY, 'api', { state: 'denied', decidedBy: 'api', decidedAt: T0 + 1 }],
      ['leaves expired what was expiring', DENY, 'timeout', { state: 'expired', decidedBy: 'timeout' }],
      ['leaves what a rule allowed allowed', REMEMBER, 'rule', { state: 'allowed', decidedBy: 'rule' }],
    ])('%s', (_name, decision, by, expected) =>
      withStore(open, async ({ store }) => {
        const turn = await runWith(store, anApproval('one'));
        if (decision !== null) await store.decideApproval('one', decision, by, T0 + 1);
        await store.end(turn, CANCELLED, T0 + 9);
        expect(await store.readApproval('one')).toMatchObject(expected);
      }),
    );

    test('closes each that is open, tells of it before the end itself, and leaves others as they are', () =>
      withStore(open, async ({ store }) => {
        await runWith(store, anApproval('elsewhere', { requestId: 'b', workspace: 'other' }));
        const turn = await runWith(store, anApproval('one'), anApproval('two'), anApproval('settled'));
        await store.settleApproval('settled', { state: 'denied', by: 'api' }, T0);
        await store.end(turn, COMPLETED, T0);
        expect((await lastEvents(store, 3)).map(({ type, data }) => [type, data['approvalId']])).toEqual([
          ['approval.expired', 'one'],
          ['approval.expired', 'two'],
          ['request.completed', undefined],
        ]);
        expect((await store.readApproval('elsewhere'))?.state).toBe('open');
        expect(await store.readRequest('a')).toMatchObject({ state: 'completed', phase: null });
      }));

    test('remembers what was allowed so, though nobody confirmed it', () =>
      withStore(open, async ({ store }) => {
        const turn = await runWith(store, anApproval('one'));
        await store.decideApproval('one', REMEMBER, 'api', T0);
        await store.end(turn, COMPLETED, T0);
        expect(await store.readRules('demo')).toEqual([LS]);
      }));

    test('by a former owner closes nothing', () =>
      withStore(open, async ({ store }) => {
        const turn = await runWith(store, anApproval('one'));
        expect(await store.end({ ...turn, epoch: turn.epoch - 1 }, COMPLETED, T0)).toBe(false);
        expect((await store.readApproval('one'))?.state).toBe('open');
      }));
  });

  describe('a list of approvals', () => {
    /** Of two requests, oldest first: `1` denied, `2` open, `3` open, `4` allowed, `5` open. */
    async function fill(store: Store): Promise<void> {
      await runWith(store, anApproval('1'), anApproval('2'));
      const other = { requestId: 'b', workspace: 'other' } as const;
      await runWith(store, anApproval('3', other), anApproval('4', other), anApproval('5', other));
      await store.settleApproval('1', { state: 'denied', by: 'api' }, T0);
      await store.settleApproval('4', { state: 'allowed', by: 'api' }, T0);
    }

    test.each([
      [{}, ['5', '4', '3', '2', '1']],
      [{ state: 'open' }, ['5', '3', '2']],
      [{ state: 'expired' }, []],
      [{ workspace: 'demo' }, ['2', '1']],
      [{ workspace: 'other', state: 'allowed' }, ['4']],
      [{ requestId: 'a' }, ['2', '1']],
      [{ requestId: 'b', state: 'open' }, ['5', '3']],
      [{ requestId: 'b', workspace: 'demo' }, []],
      [{ requestId: 'unknown' }, []],
    ] as const)('that match %j is the newest first', (filter, ids) =>
      withStore(open, async ({ store }) => {
        await fill(store);
        const { approvals, total } = await store.listApprovals(filter, 100);
        expect([approvals.map(({ id }) => id), total]).toEqual([ids, ids.length]);
      }),
    );

    test.each([{}, { requestId: 'b' }])('is cut at its limit, and the total counts all that match %j', (filter) =>
      withStore(open, async ({ store }) => {
        await fill(store);
        const { approvals, total } = await store.listApprovals(filter, 2);
        expect([approvals.map(({ id }) => id), total]).toEqual([['5', '4'], 'requestId' in filter ? 3 : 5]);
      }),
    );
  });
}
