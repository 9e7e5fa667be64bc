import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toComposerText } from '../../../../../src/agents/claude/screen/composer.ts';
import { parseHookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { supervise } from '../../../../../src/agents/claude/turn/supervise.ts';
import type { TranscriptFinding } from '../../../../../src/agents/claude/transcript/transcript.ts';
import type { View } from '../../../../../src/agents/claude/screen/terminal.ts';
import { watchTurn, type TurnWatch } from '../../../../../src/agents/claude/watch/turn-watch.ts';
import type { Door } from '../../../../../src/agents/claude/door/door.ts';
import type { TurnEnd } from '../../../../../src/core/ports/agent.ts';
import { until } from '../../../../helpers/until.ts';
import {
  createScriptedDoor,
  createScriptedScreen,
  noDoor,
  noDialogs,
  noPrompts,
  createStillTime,
  hurryTime,
  dialog,
  idle,
  working,
  type ScriptedScreen,
  type Shown,
} from '../../../../helpers/scripted-screen.ts';

const begun: TranscriptFinding = { kind: 'begun', promptId: 'p1', text: null };
const BEGUN_AT = 1_000_000_000_500;
/** A person presses a key after that, to the second. */
const touched = (view: View): View => ({ ...view, keyAt: 1_000_000_000_000 });
const interruptedEnd = { kind: 'failed', reason: 'interrupted', text: null };

interface Supervised {
  readonly terminal: ScriptedScreen;
  readonly watch: TurnWatch;
  /** What was told, and what was done to the agent. */
  readonly steps: readonly string[];
  readonly over: Promise<void>;
  readonly stop: () => void;
  readonly end: Promise<TurnEnd>;
}

/** A turn in which Enter was pressed; `received`: the agent has reported it. */
function superviseTurn(
  views: readonly Shown[],
  options: {
    readonly received?: boolean;
    readonly transcript?: TranscriptFinding;
    readonly isFull?: boolean;
    readonly mayBeWoken?: () => boolean;
    readonly react?: (watch: TurnWatch) => void;
    readonly door?: Door;
    /** It was refused because it came into a turn that runs. */
    readonly behind?: boolean;
  } = {},
): Supervised {
  const steps: string[] = [];
  const text = toComposerText('hello');
  const ignore = (): void => {};
  const watch = watchTurn({
    expected: text.expected,
    earlierTasks: new Set(),
    isQueued: () => options.behind === true,
    isNobodys: () => false,
    admits: () => true,
    foreignPrompt: ignore,
    isForeign: () => false,
    toldEnd: ignore,
  });
  watch.pasting();
  watch.entering();
  if (options.received || options.behind) report(watch);
  const terminal = createScriptedScreen(views, (act) => {
    steps.push(act);
    options.react?.(watch);
  });
  const stopping = new AbortController();
  const over = supervise(
    {
      terminal,
      door: options.door ?? noDoor,
      displaced: { line: null },
      memory: { lost: null, told: async () => {} },
      watch,
      text,
      observer: {
        prepared: async () => {},
        submitting: async () => {},
        working: async () => void steps.push('working'),
        asked: () => new Promise(() => {}),
        noticed: ({ type, data }) => void steps.push([type, ...Object.values(data)].join(' ')),
      },
      prompts: noPrompts,
      dialogs: noDialogs,
      readTranscript: async () => options.transcript ?? { kind: 'absent' },
      catchUp: async () => {},
      mayBeWoken: async () => options.mayBeWoken?.() ?? false,
      isRefusalNoted: async () => false,
      isFull: async () => options.isFull === true,
      begunAt: BEGUN_AT,
      giveUp: async () => void steps.push('given up'),
    },
    stopping.signal,
  );
  return { terminal, watch, steps, over, stop: () => stopping.abort(), end: watch.end };
}

function report(watch: TurnWatch): void {
  const event = { hook_event_name: 'UserPromptSubmit', session_id: 's', prompt_id: 'p1', prompt: 'hello' };
  watch.tell(parseHookPayload(event));
}

function complete(watch: TurnWatch): void {
  watch.finish({ kind: 'completed', text: 'done', usage: null });
}

/** The pauses between two looks are seconds. */
const TIMES = 10;
let hurry: Disposable;
beforeAll(() => void (hurry = hurryTime(TIMES)));
afterAll(() => hurry[Symbol.dispose]());

describe('from Enter to the report', () => {
  test('a report and an end need no look', async () => {
    const { terminal, watch, steps, over } = superviseTurn([idle()]);
    report(watch);
    complete(watch);
    await over;
    expect([terminal.looks, steps]).toEqual([0, ['working']]);
  });

  test('an end without a report is never told as working', async () => {
    const { watch, steps, over } = superviseTurn([idle()]);
    watch.finish({ kind: 'failed', reason: 'submission_rejected', error: 'no', text: null });
    await over;
    expect(steps).toEqual([]);
  });

  test('nothing is told when the caller gives up', async () => {
    const { watch, steps, over, stop } = superviseTurn([idle('hello')]);
    stop();
    await over;
    expect([steps, watch.state]).toEqual([[], 'entered']);
  });

  test.each<[string, View]>([
    ['the composer still holds the text', idle('hello')],
    ['it does before a person who watches', idle('hello', 3_000)],
  ])('Enter is pressed again when %s', async (_name, view) => {
    const react = (watch: TurnWatch): void => {
      report(watch);
      complete(watch);
    };
    const { steps, over } = superviseTurn([view], { react });
    await over;
    expect(steps).toEqual(['enter.repeated', 'Submit', 'working']);
  });

  test('Enter that sends nothing is given up after five times, with the place to look at', async () => {
    const { steps, over, end } = superviseTurn([idle('hello')]);
    await over;
    expect(steps).toEqual([...Array.from({ length: 5 }, () => ['enter.repeated', 'Submit']).flat(), 'given up']);
    expect(await end).toMatchObject({ kind: 'unsubmitted', why: expect.stringContaining('keybindings.json') });
  });

  test('Enter that is taken late is not pressed again', async () => {
    const look = (): View => {
      setImmediate(() => setImmediate(() => complete(watch)));
      return idle('');
    };
    const { watch, steps, over } = superviseTurn([idle('hello'), look]);
    await over;
    expect(steps).toEqual([]);
  });

  test('Enter is pressed again behind another turn only when that one is over', async () => {
    const react = (watch: TurnWatch): void => complete(watch);
    const door = createScriptedDoor('hello ');
    const { steps, terminal, over } = superviseTurn([working(), working(), idle('hello'), idle('hello')], {
      react,
      door,
      behind: true,
    });
    await over;
    expect([steps, terminal.looks]).toEqual([['enter.repeated', 'Submit'], 4]);
  });

  test('Enter is pressed again when the door shows our text, whatever the screen looks like', async () => {
    const react = (watch: TurnWatch): void => {
      report(watch);
      complete(watch);
    };
    const { steps, over } = superviseTurn([working('dressed')], { react, door: createScriptedDoor('hello ') });
    await over;
    expect(steps).toEqual(['enter.repeated', 'Submit', 'working']);
  });

  test.each([['closed'], [''], ['hello and more']])(
    'no key is pressed on the word of the screen when the door shows %j',
    async (stands) => {
      const look = (): View => {
        setImmediate(() => setImmediate(() => complete(watch)));
        return idle('hello');
      };
      const { watch, steps, over } = superviseTurn([look], { door: createScriptedDoor(stands) });
      await over;
      expect(steps).toEqual([]);
    },
  );

  test('a prompt in the transcript is as good as its report', async () => {
    const { watch, steps, over, stop } = superviseTurn([null], { transcript: begun });
    await watch.received;
    stop();
    await over;
    expect([watch.state, steps]).toEqual(['working', ['working']]);
  });

  test.each<[string, View | null]>([
    ['something else in the composer', idle('another')],
    ['an empty composer', idle()],
    ['our text in the hands of a person', idle('hello', 2_999)],
    ['our text below a person’s turn', working('hello')],
    ['a dialog', dialog()],
    ['the end of the program', null],
  ])('no key is pressed at %s', async (_name, view) => {
    const look = (): View | null => {
      setImmediate(() => complete(watch));
      return view;
    };
    const { terminal, watch, steps, over } = superviseTurn([look]);
    await over;
    expect([terminal.looks, steps]).toEqual([1, []]);
  });

  test('an agent that stays idle and silent has not got the prompt, and is given up', async () => {
    using time = createStillTime();
    const { watch, steps, over, end } = superviseTurn([time.later(15_001, idle())]);
    await over;
    expect(await end).toMatchObject({ kind: 'unsubmitted' });
    expect([watch.isReceived, steps]).toEqual([false, ['given up']]);
  });

  test('the time of a person’s turn does not count as silence', async () => {
    using time = createStillTime();
    const views = [time.later(15_001, working()), time.later(15_000, idle()), () => (complete(watch), idle())];
    const { watch, steps, over, end } = superviseTurn(views);
    await over;
    expect([await end, steps]).toEqual([{ kind: 'completed', text: 'done', usage: null }, []]);
  });
});

/** One look takes two seconds, so these run side by side. */
describe('from the report to the end', () => {
  test.concurrent('a retry is told once for each attempt', async () => {
    const first = working('', { attempt: 1, of: 10 });
    const last = (): View => (complete(watch), working('', { attempt: 2, of: 10 }));
    const { watch, steps, over } = superviseTurn([first, first, last], { received: true });
    await over;
    expect(steps).toEqual(['working', 'agent.retrying 1 10', 'agent.retrying 2 10']);
  });

  test.concurrent.each<[string, TranscriptFinding, object]>([
    ['ended', { kind: 'ended', promptId: 'p1', text: 'done' }, { kind: 'completed', text: 'done' }],
    [
      'failed',
      { kind: 'failed', promptId: 'p1', text: 'half', error: 'rate_limit', message: 'no' },
      { kind: 'failed', reason: 'usage_limited', error: 'no', text: 'half' },
    ],
    ['interrupted', { kind: 'interrupted', promptId: 'p1', text: null }, interruptedEnd],
  ])('an idle agent whose transcript says %s has ended', async (_name, transcript, expected) => {
    const { terminal, over, end } = superviseTurn([idle()], { received: true, transcript });
    await over;
    expect(await end).toMatchObject(expected);
    expect(terminal.looks).toBe(1);
  });

  test('a turn that rested when nobody listened, and was woken before anybody did, has ended', async () => {
    const transcript = { kind: 'ended', promptId: 'p1', text: 'done' } as const;
    const { watch, over, end } = superviseTurn([idle()], { received: true, transcript });
    watch.rests(['b1'], []);
    await over;
    expect(await end).toMatchObject({ kind: 'completed', text: 'done' });
  });

  test('an agent that has ended, and whose hook may wake it, is waited for', async () => {
    let looks = 0;
    const transcript = { kind: 'ended', promptId: 'p1', text: 'done' } as const;
    const mayBeWoken = (): boolean => (looks += 1) <= 1;
    const { over, end } = superviseTurn([idle()], { received: true, transcript, mayBeWoken });
    await over;
    expect([looks, await end]).toMatchObject([2, { kind: 'completed', text: 'done' }]);
  });

  const BY_PERSON = 'The turn was interrupted at the terminal.';

  test.concurrent('an agent that is idle for three looks was stopped by the person who pressed a key', async () => {
    const { terminal, over, end } = superviseTurn([touched(idle())], { received: true, transcript: begun });
    await over;
    expect(await end).toEqual({ ...interruptedEnd, error: BY_PERSON });
    expect(terminal.looks).toBe(3);
  });

  test.concurrent.each<[string, View]>([
    ['a person who pressed a key', touched(idle('hello'))],
    ['a program', idle('hello')],
    ['a program, when the last key of a person came before', { ...idle('hello'), keyAt: 999_999_999_000 }],
  ])('an idle agent with the prompt back in its composer was stopped by %s', async (who, view) => {
    const { terminal, over, end } = superviseTurn([view], { received: true, transcript: begun });
    await over;
    expect(await end).toMatchObject(interruptedEnd);
    expect((await end) as { readonly error: string }).toMatchObject({
      error: who.startsWith('a person') ? BY_PERSON : expect.stringContaining('a program did it'),
    });
    expect(terminal.looks).toBe(2);
  });

  test.concurrent.each([
    ['says so', false],
    ['names the disk that is full', true],
  ])(
    'T14: an idle agent that nobody stopped has lost its answer, which %s and blames no person',
    async (_says, isFull) => {
      const transcript: TranscriptFinding = { ...begun, text: 'half' };
      const { over, end } = superviseTurn([idle()], { received: true, transcript, isFull });
      await over;
      expect(await end).toMatchObject({ kind: 'failed', reason: 'answer_lost', text: 'half' });
      const { error } = (await end) as { readonly error: string };
      expect(error).toMatch(isFull ? /^The disk of .*AGENT_HOME.* is full/ : /^The agent is done with this turn/);
      expect(error).not.toMatch(/interrupted|terminal|person/);
    },
  );

  test.concurrent.each([
    ['permission', 'agent_error'],
    ['usage_limit', 'usage_limited'],
  ] as const)(
    'a dialog (%s) that nobody answers is the end (%s) of the turn and of the agent',
    async (kind, reason) => {
      const { terminal, steps, over, end } = superviseTurn([dialog(kind)], { received: true });
      await over;
      expect(await end).toMatchObject({ kind: 'failed', reason, error: expect.stringContaining('What now?') });
      expect([terminal.looks, steps]).toEqual([3, ['working', 'given up']]);
    },
  );

  test.concurrent('another screen that stands is none: the turn goes on behind it', async () => {
    const { watch, terminal, steps, over } = superviseTurn([dialog('unknown')], { received: true });
    await until(() => terminal.looks >= 4);
    expect([watch.state, steps]).toEqual(['working', ['working']]);
    complete(watch);
    await over;
  });

  test('an end is told at once', async () => {
    const { terminal, watch, over } = superviseTurn([idle()], { received: true });
    complete(watch);
    await over;
    expect(terminal.looks).toBe(0);
  });

  test('a caller that gives up changes nothing', async () => {
    const { watch, over, stop } = superviseTurn([idle()], { received: true });
    stop();
    await over;
    expect(watch.state).toBe('working');
  });
});
