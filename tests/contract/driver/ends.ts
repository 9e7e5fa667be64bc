import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Notice } from '../../../src/core/ports/agent.ts';
import type { AgentName } from '../../../src/core/model/agent.ts';
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
  STREAMED,
} from './fixtures.ts';

export function describeEnds(open: OpenProgram, agent: AgentName): void {
  describe('ends', () => {
    let bench: Bench;

    beforeAll(async () => {
      bench = await openBench(open);
    });
    afterAll(() => bench.close());

    const asked = (prompt: string): number => bench.program.prompts().filter((one) => one.trimEnd() === prompt).length;

    test('an abort before the agent said anything leaves nothing for the next turn', async () => {
      const session = await bench.kept();
      await run(session, 'before early');
      const turn = await beginTurn(bench, session, 'hold early');
      turn.abort();
      expect(await turn.end).toMatchObject({ kind: 'interrupted', text: null });
      const next = await bench.kept();
      expect(next.agentSessionId).toBe(session.agentSessionId);
      expect(await run(next, 'after early')).toMatchObject({ kind: 'completed', text: 'echo: after early' });
      expect([asked('hold early'), asked('after early')]).toEqual([1, 1]);
    });

    test('an abort while the answer streams keeps its part, and the next turn is intact', async () => {
      const session = await bench.kept();
      const stop = new AbortController();
      const told: Notice[] = [];
      const end = session.runTurn('stream late', observe([], told), stop.signal);
      await until(() => told.some(({ data }) => data['text'] === STREAMED));
      if (isAtTerminal(agent)) await until(async () => (await bench.driver.screen('kept'))?.includes('● line 0'));
      stop.abort();
      expect(await end).toMatchObject({ kind: 'interrupted', text: STREAMED });
      const next = await bench.kept();
      expect(await run(next, 'after late')).toMatchObject({ kind: 'completed', text: 'echo: after late' });
      expect(asked('after late')).toBe(1);
    });

    if (isAtTerminal(agent)) {
      test('a prompt that comes into a person’s turn waits for its end, and gets its own answer', async () => {
        const session = await bench.kept();
        await run(session, 'before theirs');
        const isAsked = (): boolean => asked('hold theirs') === 1;
        const observer = {
          ...observe(),
          /** A person is faster, once, behind the last look at the composer. */
          async prepared() {
            if (isAsked()) return;
            await bench.tmux.paste('claude-kept', 'hold theirs');
            await until(async () => /❯\shold theirs/.test((await bench.driver.screen('kept')) ?? ''));
            await bench.tmux.keys('claude-kept', 'Enter');
            await until(isAsked);
          },
        };
        let isOver = false;
        const end = session.runTurn('ours behind theirs', observer, never).finally(() => void (isOver = true));
        await until(isAsked);
        // So long that a gateway that took their turn for its own would have said so.
        await until(() => isOver, 2_000).catch(() => {});
        expect([isOver, asked('ours behind theirs')]).toEqual([false, 0]);
        bench.program.release('hold theirs', 'theirs');
        expect(await end).toMatchObject({ kind: 'completed', text: 'echo: ours behind theirs' });
        expect(asked('ours behind theirs')).toBe(1);
      });
    }

    test('a turn that was aborted before it began never reaches the agent', async () => {
      const session = await bench.kept();
      expect(await session.runTurn('never this', observe(), AbortSignal.abort())).toMatchObject({
        kind: 'interrupted',
      });
      const next = await bench.kept();
      expect(await run(next, 'after never')).toMatchObject({ kind: 'completed', text: 'echo: after never' });
      expect(asked('never this')).toBe(0);
    });

    test.each(['SIGTERM', 'SIGKILL'] as const)('%s in mid-turn ends it with its reason', async (name) => {
      const session = await bench.open(name);
      const turn = await beginTurn(bench, session, `hold ${name}`);
      process.kill(await bench.pid(`claude-${name}`), name);
      expect(await turn.end).toMatchObject({ kind: 'failed', reason: 'agent_exited' });
      await session.exited;
      expect(await bench.driver.screen(name)).toBeNull();
    });

    test('a session tells when its idle agent is gone', async () => {
      const session = await bench.open('idle');
      process.kill(await bench.pid('claude-idle'), 'SIGKILL');
      expect(await session.exited).toHaveProperty('screen');
    });

    test('closing a session ends its agent and takes its screen away', async () => {
      const session = await bench.open('closed');
      await run(session, 'look here');
      if (isAtTerminal(agent))
        await until(async () => (await bench.driver.screen('closed'))?.includes('● echo: look here'));
      const before = await bench.driver.countSessions();
      await session.close();
      expect(await bench.driver.countSessions()).toBe(before - 1);
      expect(await bench.driver.screen('closed')).toBeNull();
      await session.exited;
    });

    test('an agent that cannot start tells why', async () => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-broken-'));
      const bin = path.join(folder, 'claude');
      await writeFile(bin, "#!/bin/sh\necho 'Fatal: no such thing'\necho 'and more'\nexit 3\n", { mode: 0o755 });
      const broken = await openBench(async () => ({ ...bench.program, bin, close: async () => {} }));
      try {
        const opening = broken.driver.open(await broken.spec('broken'), never);
        await expect(opening).rejects.toMatchObject({
          name: 'AgentStartError',
          reason: 'agent_exited',
          message: expect.stringMatching(/Fatal: no such thing\nand more$/),
        });
      } finally {
        await broken.close();
        await rm(folder, { recursive: true });
      }
    });

    test('the agent is ready', async () => {
      expect(await bench.driver.check()).toMatchObject({ installed: true, credentials: true });
    });
  });
}
