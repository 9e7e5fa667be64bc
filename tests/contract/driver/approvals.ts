import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Decision } from '../../../src/core/model/approval.ts';
import type { AgentName } from '../../../src/core/model/agent.ts';
import type { AgentSession, ApprovalAsk, Settlement, TurnEnd, TurnObserver } from '../../../src/core/ports/agent.ts';
import { ALLOW, DENY } from '../../helpers/examples.ts';
import { attachPerson, untilAnswered } from '../../helpers/person.ts';
import { until } from '../../helpers/until.ts';
import { type Bench, isAtTerminal, never, observe, openBench, type OpenProgram, REFUSED } from './fixtures.ts';

interface Asked {
  readonly ask: ApprovalAsk;
  readonly settled: Promise<Settlement>;
  readonly decide: (decision: Decision) => void;
}

interface AskingTurn {
  readonly end: Promise<TurnEnd>;
  readonly offset: number;
  readonly asked: Promise<Asked>;
  readonly abort: () => void;
}

/** An observer that hands out what is asked. */
function listen(): { readonly observer: TurnObserver; readonly asked: Promise<Asked> } {
  const asked = Promise.withResolvers<Asked>();
  const observer: TurnObserver = {
    ...observe(),
    asked(ask, settled) {
      const decided = Promise.withResolvers<Decision>();
      asked.resolve({ ask, settled, decide: decided.resolve });
      return decided.promise;
    },
  };
  return { observer, asked: asked.promise };
}

function begin(session: AgentSession, prompt: string): AskingTurn {
  const stop = new AbortController();
  const { observer, asked } = listen();
  let offset = 0;
  const noting: TurnObserver = { ...observer, prepared: async (at) => void (offset = at) };
  const end = session.runTurn(prompt, noting, stop.signal);
  return {
    end,
    get offset() {
      return offset;
    },
    asked,
    abort: () => stop.abort(),
  };
}

export function describeApprovals(open: OpenProgram, agent: AgentName): void {
  describe('approvals', () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await openBench(open);
    });
    afterAll(() => bench.close());

    /** A key at its dialog that nobody pressed who is attached. */
    const press = (workspace: string, key: string): Promise<void> =>
      untilAnswered(
        async () => (await bench.driver.screen(workspace)) ?? '',
        () => bench.tmux.keys(`claude-${workspace}`, key),
      );

    /** As after a crash of the gateway: what is asked is asked again. */
    async function rejoin(session: AgentSession, prompt: string, turn: AskingTurn, known: readonly ApprovalAsk[]) {
      const begunAt = Date.now();
      await bench.restart();
      const past = { prompt, transcriptOffset: turn.offset, entered: true, reported: true };
      const found = await bench.driver.trace(await bench.spec('kept', session.agentSessionId), past);
      if (found.kind !== 'alive') throw new Error(found.kind);
      const { observer, asked } = listen();
      const end = found.session.rejoinTurn(
        { ...past, begunAt, open: known.map((ask) => ({ ...ask, createdAt: begunAt })), told: [], traceparent: null },
        observer,
        never,
      );
      return { end, asked };
    }

    test('a permission is asked for with its tool, and given', async () => {
      const turn = begin(await bench.kept(), 'write given');
      const { ask, settled, decide } = await turn.asked;
      expect(ask).toMatchObject({ kind: 'tool', tool: 'Write', input: { content: 'x' }, subagent: null });
      expect(ask.rules).toContainEqual({ type: 'setMode', mode: 'acceptEdits', destination: 'session' });
      decide(ALLOW);
      expect(await settled).toEqual({ allowed: true, by: 'decision' });
      expect(await turn.end).toMatchObject({ kind: 'completed' });
    });

    test('a denial is heard, and the turn goes on', async () => {
      const turn = begin(await bench.kept(), 'write denied');
      const { settled, decide } = await turn.asked;
      decide(DENY);
      expect(await settled).toEqual({ allowed: false, by: 'decision' });
      expect(await turn.end).toMatchObject({ kind: 'completed', text: REFUSED });
    });

    if (isAtTerminal(agent)) {
      test.each([
        ['allows it', '\r', true, { kind: 'completed' }],
        ['says No', '\u001b', false, { kind: 'failed', reason: 'interrupted' }],
      ] as const)('a person %s at the dialog', async (what, key, allowed, end) => {
        const turn = begin(await bench.kept(), `write ${what}`);
        const { settled } = await turn.asked;
        const person = await attachPerson(bench.tmux.socket, 'kept');
        await person.answers(key);
        expect(await settled).toEqual({ allowed, by: 'terminal' });
        expect(await turn.end).toMatchObject(end);
        await person.leave();
      });

      test('a person answers it at the dialog and leaves at once', async () => {
        const turn = begin(await bench.open('hasty'), 'write hasty');
        const { settled } = await turn.asked;
        const person = await attachPerson(bench.tmux.socket, 'hasty');
        await person.answers('\r');
        await person.leave();
        expect(await settled).toEqual({ allowed: true, by: 'terminal' });
        expect(await turn.end).toMatchObject({ kind: 'completed' });
      });

      test.each([
        ['Enter', true, { kind: 'completed' }],
        ['Escape', false, { kind: 'failed', reason: 'interrupted' }],
      ] as const)('T21: %s that no attached person pressed is not told as a person’s', async (key, allowed, end) => {
        const turn = begin(await bench.open(`self-${key}`), `write ${key}`);
        const { settled } = await turn.asked;
        await press(`self-${key}`, key);
        expect(await settled).toEqual({ allowed, by: 'agent' });
        expect(await turn.end).toMatchObject(end);
      });

      test('T21: nor is it when a person attached, and has pressed no key since', async () => {
        const turn = begin(await bench.open('watched'), 'write watched');
        const { settled } = await turn.asked;
        const person = await attachPerson(bench.tmux.socket, 'watched');
        // In the first moments the attaching itself may have been a key.
        await until(async () => (await bench.tmux.look('claude-watched'))?.attachedAt === null);
        await press('watched', 'Enter');
        expect(await settled).toEqual({ allowed: true, by: 'agent' });
        expect(await turn.end).toMatchObject({ kind: 'completed' });
        await person.leave();
      });
    }

    test('a turn that is stopped while it waits leaves the question unanswered', async () => {
      const turn = begin(await bench.kept(), 'write stopped');
      const { settled } = await turn.asked;
      turn.abort();
      expect(await turn.end).toMatchObject({ kind: 'interrupted' });
      expect(await Promise.race([settled, Promise.resolve('open')])).toBe('open');
    });

    test.each([
      ['allowed', ALLOW, true],
      ['denied', DENY, false],
    ] as const)(
      'one that was open at a restart is asked again, and %s at the dialog',
      async (name, decision, allowed) => {
        const session = await bench.kept();
        const turn = begin(session, `write ${name} later`);
        const before = await turn.asked;
        const after = await rejoin(session, `write ${name} later`, turn, [before.ask]);
        const again = await after.asked;
        expect(again.ask).toEqual(before.ask);
        again.decide(decision);
        expect(await again.settled).toEqual({ allowed, by: 'decision' });
        expect(await after.end).toMatchObject({ kind: 'completed', ...(!allowed && { text: REFUSED }) });
      },
    );

    test('one that was asked while no gateway listened is found at its dialog', async () => {
      const session = await bench.kept();
      const turn = begin(session, 'write unheard');
      const before = await turn.asked;
      const after = await rejoin(session, 'write unheard', turn, []);
      const again = await after.asked;
      expect(again.ask).toMatchObject({ tool: 'Write', toolUseId: before.ask.toolUseId });
      again.decide(ALLOW);
      expect(await after.end).toMatchObject({ kind: 'completed' });
    });
  });
}
