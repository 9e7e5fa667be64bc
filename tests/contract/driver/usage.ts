import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentName } from '../../../src/core/model/agent.ts';
import type { AgentSession, TurnEnd } from '../../../src/core/ports/agent.ts';
import { BUILT_IN_PRICES } from '../../../src/agents/program/prices/built-in.ts';
import { findPrice } from '../../../src/agents/program/prices/price-table.ts';
import type { Usage } from '../../../src/core/model/usage/usage.ts';
import type { Charged } from '../../helpers/scripted-model.ts';
import { until } from '../../helpers/until.ts';
import {
  beginTurn,
  type Bench,
  isAtTerminal,
  never,
  observe,
  openBench,
  type OpenProgram,
  run,
  withUsage,
} from './fixtures.ts';

/** By the table: the CLI of `claude-print` reckons its own. */
function priceOf(usage: Usage | null | undefined): number | null {
  const [model] = usage?.models ?? [];
  const price = model === undefined ? null : findPrice(BUILT_IN_PRICES, model.model);
  if (model === undefined || price === null || usage?.models.length !== 1) return null;
  return Math.round(model.inputTokens * price.input + model.outputTokens * price.output);
}

export function describeUsage(open: OpenProgram, agent: AgentName): void {
  describe('the usage of a turn equals what its model charged', () => {
    let bench: Bench;
    let session: AgentSession;
    let before: Charged;
    const charged = (): Charged => bench.program.charged() ?? { inputTokens: 0, outputTokens: 0 };

    beforeAll(async () => {
      bench = await openBench(open);
      session = await bench.open('usage');
      await took('the first');
      before = charged();
    });
    afterAll(() => bench.close());

    const took = (prompt: string): Promise<TurnEnd> => withUsage(run(session, prompt));

    /** Since the last look. */
    function expectCharged(end: TurnEnd, by = charged()): void {
      if (end.kind === 'unsubmitted') throw new Error(end.why);
      // Of a prompt that was put back nothing can be read.
      const { inputTokens, outputTokens } = end.usage ?? (bench.program.charged() === null ? charged() : {});
      expect({ inputTokens, outputTokens }).toEqual({
        inputTokens: by.inputTokens - before.inputTokens,
        outputTokens: by.outputTokens - before.outputTokens,
      });
      if (bench.program.charged() !== null) expect(end.usage?.costMicroUsd).toBe(priceOf(end.usage));
      before = charged();
    }

    test('of one answer', async () => {
      expectCharged(await took('one answer'));
    });

    test('of ten turns, each with its own', async () => {
      for (let turn = 1; turn <= 10; turn += 1) expectCharged(await took(`turn ${turn} of ten`));
    });

    test('of two tools', async () => {
      expectCharged(await took('tools of a turn'));
    });

    test('with its subagent', async () => {
      expectCharged(await took('delegate it'));
      expectCharged(await took('behind a subagent'));
    });

    test('of one that is cancelled behind a tool', async () => {
      const turn = await beginTurn(bench, session, 'hold behind a tool');
      await until(() => bench.program.holds('hold behind a tool'));
      const by = charged();
      turn.abort();
      const end = await withUsage(turn.end);
      expect(end.kind).toBe('interrupted');
      expectCharged(end, by);
      bench.program.release('hold behind a tool', 'too late');
      if (bench.program.charged() !== null) await until(() => charged().inputTokens > by.inputTokens);
      before = charged();
      session = await bench.usable('usage', session);
    });

    test('through a restart in its middle', async () => {
      const prompt = 'hold behind a restart';
      const turn = await beginTurn(bench, session, prompt);
      await until(() => bench.program.holds(prompt));
      const begun = Date.now();
      await bench.restart();
      const past = { prompt, transcriptOffset: turn.offset, entered: true, reported: true };
      const trace = await bench.driver.trace(await bench.spec('usage', session.agentSessionId), past);
      if (trace.kind !== 'alive') throw new Error(trace.kind);
      const again = { prompt, transcriptOffset: turn.offset, begunAt: begun, open: [], told: [], traceparent: null };
      const end = trace.session.rejoinTurn(again, observe(), never);
      bench.program.release(prompt, 'after all');
      expectCharged(await withUsage(end));
      session = trace.session;
    });

    // `claude-print` tells it with each end.
    if (!isAtTerminal(agent)) return;

    test('comes behind the end, and the next turn does not wait for it', async () => {
      const ends = [await run(session, 'the same'), await run(session, 'the same')];
      const usages = await Promise.all(ends.map(async (end) => (end.kind === 'completed' ? end.laterUsage : null)));
      expect(ends).toMatchObject([{ usage: null }, { usage: null }]);
      for (const tokens of ['inputTokens', 'outputTokens'] as const) {
        const sum = usages.reduce((all, usage) => all + (usage?.[tokens] ?? 0), 0);
        if (bench.program.charged() !== null) expect(sum).toBe(charged()[tokens] - before[tokens]);
      }
      expect(usages).not.toContain(null);
      before = charged();
    });

    test('of one behind whose end the session is closed', async () => {
      const end = run(session, 'the last word');
      await end;
      await session.close();
      expectCharged(await withUsage(end));
      session = await bench.usable('usage', session);
    });

    test('of one of which an earlier process has stored the end alone', async () => {
      const { end, offset: transcriptOffset } = await beginTurn(bench, session, 'before a kill');
      await end;
      await bench.restart();
      const past = { prompt: 'before a kill', transcriptOffset, kind: 'completed' } as const;
      const spec = await bench.spec('usage', session.agentSessionId);
      expectCharged({ kind: 'completed', text: '', usage: await bench.driver.readUsage(spec, past) });
    });
  });
}
