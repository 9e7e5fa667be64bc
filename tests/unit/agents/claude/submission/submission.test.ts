import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toComposerText } from '../../../../../src/agents/claude/screen/composer.ts';
import { parseHookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { NotReadyError } from '../../../../../src/agents/claude/submission/not-ready.ts';
import { submit } from '../../../../../src/agents/claude/submission/submission.ts';
import { TerminalGoneError } from '../../../../../src/agents/claude/screen/terminal.ts';
import { watchTurn, type TurnWatch } from '../../../../../src/agents/claude/watch/turn-watch.ts';
import type { Door } from '../../../../../src/agents/claude/door/door.ts';
import type { Displaced } from '../../../../../src/agents/claude/submission/way-in.ts';
import type { TurnObserver } from '../../../../../src/core/ports/agent.ts';
import {
  createScriptedScreen,
  createStillTime,
  dialog,
  createScriptedDoor,
  idle,
  noDoor,
  working,
  type React,
  type Shown,
  type StillTime,
} from '../../../../helpers/scripted-screen.ts';

let time: StillTime;
beforeEach(() => void (time = createStillTime()));
afterEach(() => time[Symbol.dispose]());

interface Submitting {
  readonly watch: TurnWatch;
  /** Steps of the observer and keys, in their order. */
  readonly steps: readonly string[];
  readonly looks: () => number;
  readonly submitted: Promise<void>;
  readonly displaced: Displaced;
}

interface Options {
  readonly react?: (act: string, watch: TurnWatch) => readonly Shown[] | void;
  readonly isUnsteady?: boolean;
  readonly observer?: (stop: AbortController) => Partial<TurnObserver>;
  readonly door?: Door;
  /** Rejects when the agent cannot report any more, after so many looks. */
  readonly prove?: (looks: number) => void;
}

function begin(
  views: readonly Shown[],
  { react, isUnsteady = false, observer, door = noDoor, prove }: Options = {},
): Submitting {
  const steps: string[] = [];
  const displaced: Displaced = { line: null };
  const stop = new AbortController();
  const text = toComposerText('hello');
  const watch = watchTurn({
    expected: text.expected,
    earlierTasks: new Set(),
    isQueued: () => false,
    isNobodys: () => false,
    admits: (mode) => mode !== 'acceptEdits',
    foreignPrompt: ({ prompt }) => void steps.push(`foreign ${prompt}`),
    isForeign: () => false,
    toldEnd() {},
  });
  const onAct: React = (act, screen) => {
    steps.push(`${act} (${watch.state})`);
    const next = react?.(act, watch);
    if (next) screen.shows(...next);
  };
  const terminal = createScriptedScreen(views, onAct);
  const noted: TurnObserver = {
    prepared: async (offset) => void steps.push(`prepared ${offset}`),
    submitting: async () => void steps.push('submitting'),
    working: async () => void steps.push('working'),
    asked: () => new Promise(() => {}),
    noticed: ({ type }) => void steps.push(type),
  };
  const submitted = submit(
    {
      terminal,
      door,
      displaced,
      watch,
      text,
      isUnsteady,
      observer: { ...noted, ...observer?.(stop) },
      transcriptEnd: async () => 7,
      isMoving: () => false,
      isUnasked: () => false,
      isPrompted: () => false,
      isSettling: () => false,
      setBack: { press: async () => false },
      proveEarshot: async () => prove?.(terminal.looks),
      noticed: (notice) => noted.noticed(notice),
    },
    stop.signal,
  );
  return { watch, steps, looks: () => terminal.looks, submitted, displaced };
}

const report = (watch: TurnWatch, prompt: string): object =>
  watch.tell(
    parseHookPayload({ hook_event_name: 'UserPromptSubmit', session_id: 's', prompt_id: 'p1', prompt: `${prompt} ` }),
  );

const SENT = ['prepared 7', 'paste hello  (pasted)', 'submitting', 'Submit (entered)'];

describe('a submission by pasting', () => {
  test('notes each step before it takes it, and looks once', async () => {
    const { watch, steps, looks, submitted } = begin([idle()]);
    await submitted;
    expect(steps).toEqual(SENT);
    expect([watch.state, looks()]).toEqual(['entered', 1]);
  });

  test('puts nothing into an agent that was silenced while a person used it', async () => {
    const { steps, submitted } = begin([working(), dialog(), idle()], {
      prove(looks) {
        if (looks >= 3) throw new NotReadyError('It cannot report.');
      },
    });
    await expect(submitted).rejects.toThrow('It cannot report.');
    expect(steps).toEqual([]);
  });

  test('presses no key before the agent is ready', async () => {
    const { steps, looks, submitted } = begin([working(), dialog(), idle()]);
    await submitted;
    expect([steps, looks()]).toEqual([SENT, 3]);
  });

  test.each<[string, Shown]>([
    ['as it is', idle('hello')],
    ['as a label', idle('[Pasted text #1]')],
    ['below a turn that a person has begun', working('hello')],
  ])('to an unsteady agent waits until the text is shown: %s', async (_name, shown) => {
    const react = (act: string): readonly Shown[] | void =>
      act.startsWith('paste') ? [idle(), dialog(), idle('hel'), shown] : undefined;
    const { steps, looks, submitted } = begin([idle()], { isUnsteady: true, react });
    await submitted;
    expect([steps, looks()]).toEqual([SENT, 5]);
  });

  test('behind keys of its own waits until the text is shown', async () => {
    const react = (act: string): readonly Shown[] => (act === 'Escape Escape' ? [idle()] : [idle(), idle('hello')]);
    const { steps, looks, submitted } = begin([idle('a draft')], { react });
    await submitted;
    expect(steps).toEqual(['composer.cleared', 'Escape Escape (preparing)', ...SENT]);
    expect(looks()).toBe(4);
  });

  test('pastes again what the agent has lost', async () => {
    let pastes = 0;
    const react = (act: string): readonly Shown[] | void => {
      if (!act.startsWith('paste')) return undefined;
      return (pastes += 1) === 1 ? [idle(), time.later(3_000, idle()), idle()] : [idle('hello')];
    };
    const { steps, submitted } = begin([idle()], { isUnsteady: true, react });
    await submitted;
    expect(steps).toEqual(['prepared 7', 'paste hello  (pasted)', ...SENT]);
  });

  test('whose Enter was not answered is left to the supervision: it may be pressed', async () => {
    const react = (act: string): void => {
      if (act === 'Submit') throw new Error('tmux does not answer');
    };
    const { watch, submitted } = begin([idle()], { react });
    await submitted;
    expect(watch.state).toBe('entered');
  });

  test('gives up after five pastes, and Enter was never pressed', async () => {
    const react = (): readonly Shown[] => [time.later(3_000, idle())];
    const { watch, steps, submitted } = begin([idle()], { isUnsteady: true, react });
    await expect(submitted).rejects.toThrow(NotReadyError);
    expect(steps.filter((step) => step.startsWith('paste'))).toHaveLength(5);
    expect(steps).not.toContain('submitting');
    expect(watch.state).toBe('pasted');
  });

  test.each([
    ['their own prompt', 'what time is it?', ['foreign what time is it? ']],
    ['ours', 'hello', []],
  ])('begins anew when a person was faster with Enter for %s', async (_name, prompt, foreign) => {
    let pastes = 0;
    const react = (act: string, watch: TurnWatch): readonly Shown[] | void => {
      if (!act.startsWith('paste')) return undefined;
      if ((pastes += 1) > 1) return [idle('hello')];
      report(watch, prompt);
      return [idle()];
    };
    const { steps, submitted } = begin([idle()], { react });
    await submitted;
    expect(steps.filter((step) => step !== foreign[0])).toEqual([...SENT.slice(0, 3), ...SENT]);
    expect(steps.filter((step) => step === foreign[0])).toHaveLength(foreign.length);
  });

  test('is told by the agent even when its program ends behind the paste', async () => {
    const { steps, submitted } = begin([idle()], { isUnsteady: true, react: () => [null] });
    await expect(submitted).rejects.toThrow(TerminalGoneError);
    expect(steps).toEqual(SENT.slice(0, 3));
  });

  test('pastes nothing when the program has ended', async () => {
    const { steps, submitted } = begin([null]);
    await expect(submitted).rejects.toThrow(TerminalGoneError);
    expect(steps).toEqual([]);
  });
});

describe('a submission whose caller gives up', () => {
  test('before the paste pastes nothing', async () => {
    const observer = (stop: AbortController): Partial<TurnObserver> => ({ prepared: async () => stop.abort() });
    const { watch, steps, submitted } = begin([idle()], { observer });
    await submitted;
    expect([steps, watch.state]).toEqual([[], 'preparing']);
  });

  test('before Enter presses no Enter', async () => {
    const observer = (stop: AbortController): Partial<TurnObserver> => ({ submitting: async () => stop.abort() });
    const { watch, steps, submitted } = begin([idle()], { observer });
    await submitted;
    expect([steps, watch.state]).toEqual([['prepared 7', 'paste hello  (pasted)'], 'pasted']);
  });

  test.each([
    ['prepared', []],
    ['submitting', ['prepared 7', 'paste hello  (pasted)']],
  ] as const)('by rejecting %s goes no further', async (step, before) => {
    const observer = (): Partial<TurnObserver> => ({ [step]: () => Promise.reject(new Error('no disk')) });
    const { steps, submitted } = begin([idle()], { observer });
    await expect(submitted).rejects.toThrow('no disk');
    expect(steps).toEqual(before);
  });
});

describe('a submission through the door', () => {
  const begun = ['prepared 7', 'submitting', 'Submit (entered)'];

  test('puts the text into an empty composer, and looks once', async () => {
    const door = createScriptedDoor('');
    const { steps, looks, submitted, displaced } = begin([idle()], { door, isUnsteady: true });
    await submitted;
    expect([steps, looks(), door.did, displaced.line]).toEqual([begun, 1, ['replace hello '], null]);
  });

  test('puts aside a line that nobody is typing, and remembers it', async () => {
    const door = createScriptedDoor('a draft');
    const { steps, submitted, displaced } = begin([idle('a draft')], { door });
    await submitted;
    expect(steps).toEqual(['prepared 7', 'composer.cleared', ...begun.slice(1)]);
    expect(displaced.line).toBe('a draft');
  });

  test('keeps what stood there before the first try when a person typed into our text meanwhile', async () => {
    const door = createScriptedDoor('say hello', 'hello and more');
    const observer = (): Partial<TurnObserver> => ({
      async submitting() {
        if (door.did.length === 1) report(watch, 'what time is it?');
      },
    });
    const { watch, submitted, displaced } = begin([idle()], { door, observer });
    await submitted;
    expect([door.did.length, displaced.line]).toEqual([2, 'say hello\nand more']);
  });

  test.each([
    ['look at [Image #1] and [Image #2] here', 'look at and here'],
    ['[Image #1]', null],
  ])('of %j the words alone are given back', async (stands, line) => {
    const { submitted, displaced } = begin([idle(stands)], { door: createScriptedDoor(stands) });
    await submitted;
    expect(displaced.line).toBe(line);
  });

  test('forgets a line that the gateway itself had put there', async () => {
    const door = createScriptedDoor({ text: 'an old prompt', isOurs: true });
    const { submitted, displaced } = begin([idle('an old prompt')], { door });
    await submitted;
    expect(displaced.line).toBeNull();
  });

  test('waits for a person who types, also when the screen does not show it yet', async () => {
    const door = createScriptedDoor('a', '');
    const views = [idle('', 0), idle('a', 10), idle('', 20)];
    const { steps, submitted } = begin(views, { door });
    await submitted;
    expect(door.did).toEqual(['fill hello ', 'fill hello ']);
    expect(steps).toEqual(['prepared 7', ...begun]);
  });

  test('pastes when the key opens nothing', async () => {
    const door = createScriptedDoor('closed');
    const react = (act: string): readonly Shown[] | void => (act.startsWith('paste') ? [idle('hello')] : undefined);
    const { steps, submitted } = begin([idle()], { door, react });
    await submitted;
    expect(steps).toEqual(['prepared 7', ...SENT]);
  });
});
