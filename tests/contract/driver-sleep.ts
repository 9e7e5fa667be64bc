import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentSession } from '../../src/core/ports/agent.ts';
import { attachPerson } from '../helpers/person.ts';
import { until } from '../helpers/until.ts';
import { beginTurn, never, openBench, run, type Bench, type OpenProgram } from './driver-fixtures.ts';

export function describeSleep(open: OpenProgram): void {
  describe('sleep', () => {
    let bench: Bench;

    beforeAll(async () => {
      bench = await openBench(open);
    });
    afterAll(() => bench.close());

    const resume = async (workspace: string, { agentSessionId }: AgentSession): Promise<AgentSession> =>
      bench.driver.open(await bench.spec(workspace, agentSessionId), never);

    /** What the agent knew when it was asked this. */
    const knew = async (prompt: string, { agentSessionId }: AgentSession): Promise<string> =>
      bench.program.knew(prompt) ?? JSON.stringify(await bench.transcript(agentSessionId));

    test('right after a turn keeps its prompt and its answer, twenty times in a row', async () => {
      let session = await bench.open('kept');
      await run(session, 'turn 0');
      for (let turn = 1; turn <= 20; turn += 1) {
        expect(await session.sleep()).toBe(true);
        expect(await bench.driver.screen('kept')).toBeNull();
        const next = await resume('kept', session);
        expect(next.agentSessionId).toBe(session.agentSessionId);
        session = next;
        await run(session, `turn ${turn}`);
        const known = await knew(`turn ${turn}`, session);
        for (let earlier = 0; earlier < turn; earlier += 1) {
          expect(known.split(`turn ${earlier}\n`).length + known.split(`turn ${earlier}"`).length).toBeGreaterThan(2);
          expect(known).toContain(`echo: turn ${earlier}`);
        }
      }
    }, 240_000);
  });
}
