import { describe, expect, test } from '@jest/globals';
import { parseHookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { toComposerText } from '../../../../../src/agents/claude/screen/composer.ts';
import { hear } from '../../../../../src/agents/claude/session/hearing.ts';
import { createReports } from '../../../../../src/agents/claude/session/reports.ts';
import { createModes } from '../../../../../src/agents/claude/submission/modes.ts';
import type { TurnSlot } from '../../../../../src/agents/claude/session/turn-slot.ts';
import type { CurrentTurn } from '../../../../../src/agents/claude/turn/current-turn.ts';
import { createStillTime } from '../../../../helpers/scripted-screen.ts';

const SENT = 'write the report';
const gone = new AbortController().signal;

interface Heard {
  readonly slot: TurnSlot;
  readonly told: readonly string[];
  readonly report: (prompt: string) => unknown;
}

function session(unreported: TurnSlot['unreported'], current: Partial<CurrentTurn> | null = null): Heard {
  const told: string[] = [];
  const slot: TurnSlot = { current: current as CurrentTurn | null, agent: 'steady', unreported };
  const parts = {
    slot,
    reports: createReports('started'),
    modes: createModes('default'),
    memory: { prompted: async () => {} },
    listener: { moved() {}, noticed() {} },
    foreign: ({ prompt }: { readonly prompt: string | null }) => void told.push(prompt ?? ''),
  };
  const report = (prompt: string): unknown =>
    hear(
      parts,
      parseHookPayload({ hook_event_name: 'UserPromptSubmit', session_id: 's', prompt, prompt_id: 'p' }),
      gone,
    );
  return { slot, told, report };
}

const entered = (prompt: string): Partial<CurrentTurn> => ({
  text: toComposerText(prompt),
  watch: { state: 'entered' } as CurrentTurn['watch'],
  tell: () => ({ told: true }),
});
const due = (): TurnSlot['unreported'] => ({ text: SENT, until: performance.now() + 1_000 });

describe('a report of ours whose turn is over', () => {
  test('is kept from the model, once, and is nobody’s', () => {
    const { report, told } = session(due());
    expect(report(SENT)).toMatchObject({ decision: 'block' });
    expect(report(SENT)).toEqual({});
    expect(told).toEqual([SENT]);
  });

  test('is somebody’s own when it comes much later', () => {
    using time = createStillTime();
    const { report, told } = session(due());
    time.pass(1_001);
    expect(report(SENT)).toEqual({});
    expect(told).toEqual([SENT]);
  });

  test('is kept from the model also while the next one is being entered', () => {
    expect(session(due(), entered('another')).report(SENT)).toMatchObject({ decision: 'block' });
  });

  test('is the next one’s when that says the same', () => {
    expect(session(due(), entered(SENT)).report(SENT)).toEqual({ told: true });
  });
});

test('what is not ours is told', () => {
  const { report, told } = session(due());
  expect(report('theirs')).toEqual({});
  expect(told).toEqual(['theirs']);
});
