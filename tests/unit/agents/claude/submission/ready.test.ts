import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Door } from '../../../../../src/agents/claude/door/door.ts';
import { NotReadyError } from '../../../../../src/agents/claude/submission/not-ready.ts';
import { untilReady } from '../../../../../src/agents/claude/submission/ready.ts';
import { TerminalGoneError } from '../../../../../src/agents/claude/screen/terminal.ts';
import {
  createScriptedScreen,
  createStillTime,
  dialog,
  createScriptedDoor,
  idle,
  noDoor,
  working,
  type React,
  type ScriptedScreen,
  type Shown,
  type StillTime,
} from '../../../../helpers/scripted-screen.ts';

let time: StillTime;
beforeEach(() => void (time = createStillTime()));
afterEach(() => time[Symbol.dispose]());

interface Waiting {
  readonly terminal: ScriptedScreen;
  readonly notices: readonly string[];
  /** Whether keys were pressed for it. */
  readonly ready: Promise<boolean>;
  readonly mayReplace: Promise<boolean>;
  readonly stop: () => void;
}

function wait(
  views: readonly Shown[],
  options: {
    readonly react?: React;
    readonly isMoving?: () => boolean;
    readonly isUnasked?: () => boolean;
    readonly isPrompted?: () => boolean;
    readonly isSettling?: () => boolean;
    readonly door?: Door;
  } = {},
): Waiting {
  const terminal = createScriptedScreen(views, options.react);
  const notices: string[] = [];
  const stopping = new AbortController();
  const { isMoving = () => false, isUnasked = () => false, isSettling = () => false } = options;
  const { isPrompted = () => false } = options;
  const noticed = ({ type, data }: { type: string; data: object }): void =>
    void notices.push([type, ...Object.values(data)].join(' '));
  const needs = { terminal, door: options.door ?? noDoor, isMoving, isUnasked, isPrompted, isSettling, noticed };
  const found = untilReady(needs, stopping.signal);
  const ready = found.then(({ hasPressed }) => hasPressed);
  const mayReplace = found.then((known) => known.mayReplace);
  mayReplace.catch(() => {});
  return { terminal, notices, ready, mayReplace, stop: () => stopping.abort() };
}

describe('an agent is ready', () => {
  test('at once when it is idle and its composer empty', async () => {
    const { terminal, ready } = wait([idle()]);
    expect(await ready).toBe(false);
    expect([terminal.looks, terminal.did]).toEqual([1, []]);
  });

  test('even when a person has just pressed a key', async () => {
    expect(await wait([idle('', 0)]).ready).toBe(false);
  });

  test('when a turn that somebody asked for is over, and no key is pressed until then', async () => {
    const { terminal, ready } = wait([working(), working('queued'), working(), idle()]);
    expect(await ready).toBe(false);
    expect([terminal.looks, terminal.did]).toEqual([4, []]);
  });

  test('while the end of our own turn is drawn, but not when somebody is attached or has typed', async () => {
    const isSettling = (): boolean => true;
    const at = async (...views: readonly Shown[]): Promise<number> => {
      const { terminal, ready } = wait([...views, idle()], { isSettling });
      await ready;
      return terminal.looks;
    };
    expect(await at(working())).toBe(1);
    expect(await at(working('typed'))).toBe(2);
    expect(await at({ ...working(), typedAgoMs: 60_000 })).toBe(2);
  });

  test('a second after a prompt was reported of which nothing more is heard, and not before', async () => {
    const { terminal, ready } = wait([idle(), time.later(900, idle()), working(), idle(), time.later(1_000, idle())], {
      isPrompted: () => true,
    });
    expect(await ready).toBe(false);
    expect(terminal.looks).toBe(5);
  });

  test('when it has come to another conversation', async () => {
    let looks = 0;
    const { terminal, ready } = wait([idle()], { isMoving: () => (looks += 1) < 3 });
    expect(await ready).toBe(false);
    expect([terminal.looks, terminal.did]).toEqual([3, []]);
  });

  test('after a start or a change of screens, and no key is pressed for that', async () => {
    const { terminal, notices, ready } = wait([dialog(), dialog(), dialog(), idle()]);
    expect(await ready).toBe(false);
    expect([terminal.did, notices]).toEqual([[], []]);
  });

  test('never when its program has ended', async () => {
    await expect(wait([working(), null]).ready).rejects.toThrow(TerminalGoneError);
  });

  test('no more when the caller gives up', async () => {
    const { ready, stop } = wait([working()]);
    stop();
    await expect(ready).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a permission prompt of a person’s own turn', () => {
  test.each(['permission', 'question'] as const)('(%s) is waited for, however long it stands', async (kind) => {
    const stands = time.later(60_000, dialog(kind));
    const { terminal, ready } = wait([stands, stands, stands, idle()]);
    expect(await ready).toBe(false);
    expect(terminal.did).toEqual([]);
  });
});

describe('a line in the composer of an agent with a door', () => {
  test('is left for the door', async () => {
    const { terminal, ready, mayReplace } = wait([idle('a draft')], { door: createScriptedDoor() });
    expect([await ready, await mayReplace, terminal.did]).toEqual([false, true, []]);
  });

  test('is waited for while a person types it', async () => {
    const { terminal, ready } = wait([idle('a', 9_999), idle('a', 10_000)], { door: createScriptedDoor() });
    expect([await ready, terminal.looks]).toEqual([false, 2]);
  });

  test('may not be put aside when a person has just pressed a key', async () => {
    expect(await wait([idle('', 0)], { door: createScriptedDoor() }).mayReplace).toBe(false);
  });
});

describe('a line in the composer', () => {
  test('that nobody types is cleared, and told by its length alone', async () => {
    const react: React = (_act, screen) => screen.shows(idle());
    const { terminal, notices, ready } = wait([idle('a draft')], { react });
    expect(await ready).toBe(true);
    expect([terminal.did, notices]).toEqual([['Escape Escape'], ['composer.cleared 7']]);
  });

  test('that a person typed ten seconds ago is cleared', async () => {
    const react: React = (_act, screen) => screen.shows(idle());
    const { terminal, ready } = wait([idle('a draft', 10_000)], { react });
    await ready;
    expect(terminal.did).toEqual(['Escape Escape']);
  });

  test('that a person types is waited for', async () => {
    const { terminal, ready } = wait([idle('a', 0), idle('a d', 9_999), idle('a dr', 5), idle()]);
    expect(await ready).toBe(false);
    expect([terminal.looks, terminal.did]).toEqual([4, []]);
  });

  test('is given time to go, for two more Escapes would open a menu', async () => {
    const { terminal, ready } = wait([idle('x'), idle('x'), time.later(499, idle('x')), idle()]);
    await ready;
    expect(terminal.did).toEqual(['Escape Escape']);
  });

  test('is cleared again when it stays, and told once', async () => {
    const { terminal, notices, ready } = wait([idle('one'), time.later(500, idle('two')), idle()]);
    expect(await ready).toBe(true);
    expect([terminal.did, notices]).toEqual([['Escape Escape', 'Escape Escape'], ['composer.cleared 3']]);
  });

  test('that stays is given up after eight times', async () => {
    const { terminal, ready } = wait([time.later(500, idle('stuck'))]);
    await expect(ready).rejects.toThrow(NotReadyError);
    expect(terminal.did).toHaveLength(8);
  });
});

describe('a dialog', () => {
  test('that stands is closed', async () => {
    const react: React = (_act, screen) => screen.shows(idle());
    const { terminal, ready } = wait([dialog(), time.later(1_499, dialog()), time.later(1, dialog())], { react });
    expect(await ready).toBe(true);
    expect([terminal.looks, terminal.did]).toEqual([4, ['Escape Escape']]);
  });

  test('is tried again once a second', async () => {
    const closings = [time.later(1_500, dialog()), time.later(999, dialog()), time.later(1, dialog())];
    const { terminal, ready } = wait([dialog(), ...closings, idle()]);
    await ready;
    expect(terminal.did).toEqual(['Escape Escape', 'Escape Escape']);
  });

  test('that comes anew is given its time anew', async () => {
    const { terminal, ready } = wait([dialog(), time.later(1_000, working()), time.later(1_000, dialog()), idle()]);
    await ready;
    expect(terminal.did).toEqual([]);
  });

  test('that a person attends to is left to the person', async () => {
    const attended = time.later(40_000, dialog('permission', 59_999));
    const { terminal, ready } = wait([dialog('permission', 0), attended, attended, idle()]);
    expect(await ready).toBe(false);
    expect(terminal.did).toEqual([]);
  });

  test('that cannot be closed is the end', async () => {
    const { terminal, ready } = wait([time.later(0, dialog()), time.later(10_000, dialog())]);
    await expect(ready).rejects.toThrow(NotReadyError);
    expect(terminal.did).toEqual(['Escape Escape', 'Escape Escape', 'Escape Escape']);
  });
});

describe('a turn that nobody asked for', () => {
  test('is interrupted, and told', async () => {
    const react: React = (_act, screen) => screen.shows(idle());
    const views = [working(), time.later(1_999, working()), time.later(1, working())];
    const { terminal, notices, ready } = wait(views, { react, isUnasked: () => true });
    expect(await ready).toBe(true);
    expect([terminal.did, notices]).toEqual([['Escape'], ['turn.unasked']]);
    expect(terminal.looks).toBe(4);
  });

  test('is left alone when it is over within two seconds, for an ended turn is drawn as running', async () => {
    const { terminal, ready } = wait([working(), working(), idle()], { isUnasked: () => true });
    expect(await ready).toBe(false);
    expect(terminal.did).toEqual([]);
  });

  test('is none any more when a prompt was reported', async () => {
    let looks = 0;
    const views = [working(), time.later(1_500, working()), time.later(1_500, working()), idle()];
    const { terminal, ready } = wait(views, { isUnasked: () => (looks += 1) < 3 });
    expect(await ready).toBe(false);
    expect(terminal.did).toEqual([]);
  });
});
