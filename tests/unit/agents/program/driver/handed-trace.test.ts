import { describe, expect, test } from '@jest/globals';
import { createHandedTrace } from '../../../../../src/agents/program/driver/handed-trace.ts';
import type { TurnEnd, TurnObserver } from '../../../../../src/core/ports/agent.ts';
import { createKeptLog } from '../../../../helpers/kept-log.ts';

const DONE: TurnEnd = { kind: 'completed', text: 'done', usage: null };
const ONE = `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`;
const TWO = `00-${'2'.repeat(32)}-${'2'.repeat(16)}-01`;

function openAgent(failing: { times: number } = { times: 0 }) {
  const steps: string[] = [];
  const log = createKeptLog();
  async function put(_workspace: string, traceparent: string | null): Promise<void> {
    failing.times -= 1;
    if (failing.times >= 0) throw new Error('no room');
    steps.push(traceparent ?? 'none');
  }
  const handed = createHandedTrace({ files: { trace: { put } }, workspace: 'w', log });
  const observer: TurnObserver = {
    prepared: async () => void steps.push('prepared'),
    submitting: async () => void steps.push('submitting'),
    working: async () => void steps.push('working'),
    asked: () => new Promise(() => {}),
    noticed() {},
  };
  const run = (traceparent: string | null): Promise<TurnEnd> =>
    handed.during(traceparent, observer, async (told) => {
      await told.prepared(0);
      await told.submitting();
      await told.working({ text: '', altered: [] });
      return DONE;
    });
  const rejoin = (traceparent: string | null): Promise<TurnEnd> =>
    handed.during(traceparent, observer, async () => DONE);
  return { steps, log, run, rejoin };
}

describe('the trace of a turn', () => {
  test('is there before the prompt goes in, and not when the turn is over', async () => {
    const { steps, run } = openAgent();
    await run(ONE);
    expect(steps).toEqual(['prepared', ONE, 'submitting', 'working', 'none']);
    steps.length = 0;
    await run(TWO);
    expect(steps).toEqual(['prepared', TWO, 'submitting', 'working', 'none']);
  });

  test('that an earlier process left is forgotten by the next turn', async () => {
    const { steps, run } = openAgent();
    await run(null);
    expect(steps).toEqual(['prepared', 'none', 'submitting', 'working']);
  });

  test('costs nothing where there is none', async () => {
    const { steps, run } = openAgent();
    await run(null);
    steps.length = 0;
    await run(null);
    expect(steps).toEqual(['prepared', 'submitting', 'working']);
  });

  test('stands through a restart until the turn is over', async () => {
    const { steps, rejoin } = openAgent();
    await rejoin(ONE);
    expect(steps).toEqual(['none']);
  });

  test('that cannot be written fails no turn, and is tried again', async () => {
    const { steps, log, run } = openAgent({ times: 2 });
    expect(await run(ONE)).toBe(DONE);
    const told = { workspace: 'w', error: 'Error: no room' };
    expect(log.of('trace.not_handed_over')).toEqual([told, told]);
    steps.length = 0;
    await run(null);
    expect(steps).toEqual(['prepared', 'none', 'submitting', 'working']);
  });
});
