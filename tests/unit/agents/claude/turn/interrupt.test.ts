import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toComposerText } from '../../../../../src/agents/claude/screen/composer.ts';
import { parseHookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { interrupt } from '../../../../../src/agents/claude/turn/interrupt.ts';
import type { TranscriptFinding } from '../../../../../src/agents/claude/transcript/transcript.ts';
import type { TurnState } from '../../../../../src/agents/claude/watch/turn-course.ts';
import { watchTurn, type TurnWatch } from '../../../../../src/agents/claude/watch/turn-watch.ts';
import {
  createScriptedScreen,
  noDoor,
  noDialogs,
  noPrompts,
  createStillTime,
  dialog,
  idle,
  working,
  type ScriptedScreen,
  type Shown,
  type StillTime,
} from '../../../../helpers/scripted-screen.ts';

let time: StillTime;
beforeEach(() => void (time = createStillTime()));
afterEach(() => time[Symbol.dispose]());

const found = (kind: 'begun' | 'ended' | 'interrupted'): TranscriptFinding => ({ kind, promptId: 'p1', text: null });
const ABSENT: TranscriptFinding = { kind: 'absent' };

interface Interrupting {
  readonly terminal: ScriptedScreen;
  readonly watch: TurnWatch;
  readonly isIdle: Promise<boolean>;
}

function stop(
  was: TurnState,
  views: readonly Shown[],
  options: {
    readonly transcript?: () => TranscriptFinding;
    readonly isRefusalNoted?: () => boolean;
    readonly onLook?: (watch: TurnWatch) => void;
    readonly onEscape?: (watch: TurnWatch) => void;
    /** What is reported comes into a turn that runs. */
    readonly isQueued?: boolean;
  } = {},
): Interrupting {
  const text = toComposerText('hello');
  const ignore = (): void => {};
  const watch = watchTurn({
    expected: text.expected,
    earlierTasks: new Set(),
    isQueued: () => options.isQueued === true,
    isNobodys: () => false,
    admits: () => true,
    foreignPrompt: ignore,
    isForeign: () => false,
    toldEnd: ignore,
  });
  watch.stopping();
  const terminal = createScriptedScreen(views, () => options.onEscape?.(watch));
  const isIdle = interrupt(
    {
      terminal,
      door: noDoor,
      displaced: { line: null },
      memory: { lost: null, told: async () => {} },
      watch,
      text,
      observer: {
        prepared: async () => {},
        submitting: async () => {},
        working: async () => {},
        asked: () => new Promise(() => {}),
        noticed: ignore,
      },
      prompts: noPrompts,
      dialogs: noDialogs,
      readTranscript: async () => (options.transcript ?? (() => ABSENT))(),
      catchUp: async () => {},
      mayBeWoken: async () => false,
      isRefusalNoted: async () => options.isRefusalNoted?.() ?? false,
      isFull: async () => false,
      begunAt: null,
      giveUp: async () => {},
    },
    was,
  );
  return { terminal, watch, isIdle };
}

function report(watch: TurnWatch): void {
  watch.tell(parseHookPayload({ hook_event_name: 'UserPromptSubmit', session_id: 's', prompt: 'hello' }));
}

describe('a turn that is stopped', () => {
  test.each(['preparing', 'pasted', 'stopping', 'ended'] as const)('in %s needs no key', async (was) => {
    const { terminal, isIdle } = stop(was, [working()]);
    expect(await isIdle).toBe(true);
    expect([terminal.looks, terminal.did]).toEqual([0, []]);
  });

  test('with work in the background cannot be stopped by a key', async () => {
    const { terminal, isIdle } = stop('background', [idle()], { transcript: () => found('ended') });
    expect(await isIdle).toBe(false);
    expect(terminal.did).toEqual([]);
  });
});

describe('a turn that is stopped while it works', () => {
  test('is over when its prompt is back in the composer', async () => {
    const { terminal, isIdle } = stop('working', [working(), idle('hello')]);
    expect(await isIdle).toBe(true);
    expect(terminal.did).toEqual(['Escape']);
  });

  test('is not over because the screen is idle, but when the transcript says so', async () => {
    let reads = 0;
    const transcript = (): TranscriptFinding => ((reads += 1) < 3 ? found('begun') : found('interrupted'));
    const { terminal, isIdle } = stop('working', [idle()], { transcript });
    expect(await isIdle).toBe(true);
    expect([terminal.looks, reads]).toEqual([3, 3]);
  });

  test.each<[string, TranscriptFinding]>([
    ['ended', found('ended')],
    ['failed', { kind: 'failed', promptId: 'p1', text: null, error: 'unknown', message: 'no' }],
  ])('is over, too, when it has %s by itself', async (_name, finding) => {
    expect(await stop('working', [idle()], { transcript: () => finding }).isIdle).toBe(true);
  });

  test('is over when the agent tells its end', async () => {
    const onEscape = (watch: TurnWatch): void => watch.finish({ kind: 'completed', text: 'all', usage: null });
    const { terminal, isIdle } = stop('working', [working()], { onEscape });
    expect(await isIdle).toBe(true);
    expect(terminal.did).toEqual(['Escape']);
  });

  test('gets Escape once a second, for five seconds, and must then be ended', async () => {
    const { terminal, isIdle } = stop('working', [time.later(500, working())]);
    expect(await isIdle).toBe(false);
    expect([terminal.looks, terminal.did]).toEqual([10, Array.from({ length: 5 }, () => 'Escape')]);
  });

  test('is not over because its prompt is not in the transcript', async () => {
    const { isIdle } = stop('working', [time.later(1_000, idle())]);
    expect(await isIdle).toBe(false);
  });

  test('is not over while a dialog stands', async () => {
    const transcript = (): TranscriptFinding => found('interrupted');
    const { terminal, isIdle } = stop('working', [dialog('permission'), idle()], { transcript });
    expect(await isIdle).toBe(true);
    expect(terminal.looks).toBe(2);
  });

  test('needs no more when the program has ended', async () => {
    const { isIdle } = stop('working', [null]);
    expect(await isIdle).toBe(false);
  });
});

describe('a turn that is stopped between Enter and its report', () => {
  test('is over when its report was refused, and the agent has noted that', async () => {
    let notes = 0;
    const isRefusalNoted = (): boolean => (notes += 1) >= 3;
    const { terminal, watch, isIdle } = stop('entered', [idle()], { isRefusalNoted });
    report(watch);
    expect(await isIdle).toBe(true);
    expect([terminal.did, notes]).toEqual([[], 3]);
  });

  test('is not over by a note alone, which may be of another prompt', async () => {
    const { isIdle } = stop('entered', [time.later(1_000, idle())], { isRefusalNoted: () => true });
    expect(await isIdle).toBe(false);
  });

  test('is over when its prompt has stood in the composer for a second: Enter was swallowed', async () => {
    const { terminal, isIdle } = stop('entered', [idle('hello')]);
    expect(await isIdle).toBe(true);
    expect([terminal.looks, terminal.did]).toEqual([20, []]);
  });

  test('is over when it was refused behind another turn and is back, whose agent works on', async () => {
    const { isIdle, terminal, watch } = stop('entered', [working('hello')], { isQueued: true });
    report(watch);
    expect(await isIdle).toBe(true);
    expect(terminal.did).toEqual([]);
  });

  test('is not over because it stood there for a moment, twice', async () => {
    const half = Array.from({ length: 10 }, () => idle('hello'));
    const { terminal, isIdle } = stop('entered', [...half, working('hello'), ...half, time.later(5_000, idle())]);
    expect(await isIdle).toBe(false);
    expect(terminal.looks).toBe(22);
  });

  test('must be ended when nothing tells of it for five seconds', async () => {
    const { terminal, isIdle } = stop('entered', [time.later(1_000, idle())]);
    expect(await isIdle).toBe(false);
    expect([terminal.looks, terminal.did]).toEqual([5, []]);
  });

  test('needs no more when the program has ended', async () => {
    expect(await stop('entered', [null]).isIdle).toBe(false);
  });

  test('is stopped by Escape when the transcript already has it', async () => {
    let reads = 0;
    const transcript = (): TranscriptFinding => ((reads += 1) === 1 ? found('begun') : found('interrupted'));
    const { terminal, isIdle } = stop('entered', [idle()], { transcript });
    expect(await isIdle).toBe(true);
    expect(terminal.did).toEqual(['Escape']);
  });
});
