import type { Door, Found, Line } from '../../src/agents/claude/door/door.ts';
import type { PermissionPrompts } from '../../src/agents/claude/prompts/permission-prompts.ts';
import type { TurnDialogs } from '../../src/agents/claude/turn/turn-dialogs.ts';
import type { Dialog, Retrying } from '../../src/agents/claude/screen/screen.ts';
import { TerminalGoneError, type Terminal, type View } from '../../src/agents/claude/screen/terminal.ts';

/** A terminal whose views are scripted. A test says what the next looks show, and what follows on a key. */
export interface ScriptedScreen extends Terminal {
  /** What was done to it, oldest first: `paste …`, `Enter`, `Escape Escape`. */
  readonly did: readonly string[];
  readonly looks: number;
  /** The next looks, one after the other; the last one stays. */
  shows(...views: readonly Shown[]): void;
  /** What the last key of a person is by now; by default one at this moment. */
  keyAt: () => number | null;
}

/** A function is asked at the moment of the look. */
export type Shown = View | null | (() => View | null);

/** Called with what was done, before it resolves. */
export type React = (act: string, screen: ScriptedScreen) => void;

export function createScriptedScreen(views: readonly Shown[], react: React = () => {}): ScriptedScreen {
  const did: string[] = [];
  let looks = 0;
  let next: readonly Shown[] = views;
  let gone = false;

  function act(what: string): void {
    if (gone) throw new TerminalGoneError('The agent’s program has ended.');
    did.push(what);
    react(what, screen);
  }

  const screen: ScriptedScreen = {
    did,
    get looks() {
      return looks;
    },
    shows: (...more) => void (next = more),
    keyAt: () => Date.now(),
    lastKeyAt: async () => screen.keyAt(),
    wasAttendedSince: () => true,
    async look() {
      looks += 1;
      const [shown = null, ...rest] = next;
      if (rest.length > 0) next = rest;
      const view = typeof shown === 'function' ? shown() : shown;
      gone = view === null;
      return view;
    },
    async paste(text) {
      act(`paste ${text}`);
    },
    alone: (work) => work(),
    async press(...keys) {
      act(keys.join(' '));
    },
  };
  return screen;
}

export function idle(composer = '', typedAgoMs: number | null = null): View {
  return { screen: { kind: 'idle', composer }, typedAgoMs, keyAt: null, hasTasks: false, mode: null };
}

export function working(composer = '', retrying: Retrying | null = null): View {
  return {
    screen: { kind: 'working', composer, retrying },
    typedAgoMs: null,
    keyAt: null,
    hasTasks: false,
    mode: null,
  };
}

export function dialog(kind: Dialog = 'unknown', typedAgoMs: number | null = null): View {
  const screen = { kind: 'other', dialog: kind, menu: null, shown: null, isAsking: false, lines: 'What now?' } as const;
  return { screen, typedAgoMs, keyAt: null, hasTasks: false, mode: null };
}

/** Time stands still for those who measure it with `performance.now()`, until it is moved on. Timers stay real. */
/** Makes time run so many times as fast, for `performance.now` and `setTimeout`; what waits for it in a test sees no difference. */
export function hurryTime(times: number): Disposable {
  const { setTimeout } = globalThis;
  const now = performance.now.bind(performance);
  const since = now();
  performance.now = () => since + (now() - since) * times;
  const hurried = (then: () => void, ms = 0): NodeJS.Timeout => setTimeout(then, ms / times);
  globalThis.setTimeout = Object.assign(hurried, setTimeout);
  return {
    [Symbol.dispose]() {
      performance.now = now;
      globalThis.setTimeout = setTimeout;
    },
  };
}

export interface StillTime extends Disposable {
  pass(ms: number): void;
  /** A view that is seen so much later than the one before it. */
  later(ms: number, view: View | null): () => View | null;
}

export function createStillTime(): StillTime {
  const now = performance.now.bind(performance);
  let at = 1_000_000;
  performance.now = () => at;
  const pass = (ms: number): void => void (at += ms);
  return {
    pass,
    later: (ms, view) => () => {
      pass(ms);
      return view;
    },
    [Symbol.dispose]: () => void (performance.now = now),
  };
}

/** An agent without an external editor of ours. */
export const noDoor: Door = {
  isThere: false,
  read: async () => ({ kind: 'closed' }),
  fill: async () => ({ kind: 'closed' }),
  giveBack: async () => ({ kind: 'closed' }),
  replace: async () => ({ kind: 'closed' }),
  exchange: async () => ({ kind: 'closed' }),
  missed() {},
};

/** A composer behind its door. `was`: what stands in it, by turns; the last one stays. `closed`: something else has the keys. */
export interface ScriptedDoor extends Door {
  /** What was done with it, oldest first: `read`, `fill …`, `replace …`, `exchange … -> …`. */
  readonly did: readonly string[];
}

export function createScriptedDoor(...stands: readonly (Line | string | 'closed')[]): ScriptedDoor {
  const did: string[] = [];
  let next = stands;
  let isThere = true;

  function open(what: string): Found {
    did.push(what);
    const [was = '', ...rest] = next;
    if (rest.length > 0) next = rest;
    if (was === 'closed') return { kind: 'closed' };
    const line = was === '' ? null : typeof was === 'string' ? { text: was, isOurs: false } : was;
    const isFilled =
      what.startsWith('replace') ||
      (what.startsWith('fill') && line === null) ||
      what.startsWith(`exchange ${line?.text ?? ''} ->`);
    return { kind: isFilled ? 'filled' : 'kept', was: line };
  }

  return {
    did,
    get isThere() {
      return isThere;
    },
    read: async () => open('read'),
    fill: async (text) => open(`fill ${text}`),
    giveBack: async (text) => open(`fill ${text}`),
    replace: async (text) => open(`replace ${text}`),
    exchange: async (these, words) => open(`exchange ${these} -> ${words}`),
    missed: () => void (isThere = false),
  };
}

/** A turn in which nothing is asked. */
export const noPrompts: PermissionPrompts = {
  isOpen: false,
  isPressing: false,
  changed: () => new Promise(() => {}),
  tell: () => ({}),
  restore() {},
  look: async () => {},
  stop: async () => {},
  close: async () => {},
  letGo() {},
};

/** A turn in which nothing stands on the screen. */
export const noDialogs: TurnDialogs = { isOpen: false, restore() {}, look() {}, close() {} };
