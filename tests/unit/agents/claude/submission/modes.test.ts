import { describe, expect, test } from '@jest/globals';
import { parseHookPayload, type HookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { createModeLook, createModes, type Modes } from '../../../../../src/agents/claude/submission/modes.ts';
import { createSetBack } from '../../../../../src/agents/claude/submission/set-back.ts';
import type { View } from '../../../../../src/agents/claude/screen/terminal.ts';
import type { Notice } from '../../../../../src/core/ports/agent.ts';
import { createScriptedScreen, idle } from '../../../../helpers/scripted-screen.ts';

const never = new AbortController().signal;
const CYCLE = ['default', 'acceptEdits', 'plan', 'auto'];

interface Agent {
  readonly modes: Modes;
  readonly notices: Notice[];
  readonly did: readonly string[];
  /** What the agent is in. */
  readonly truth: () => string;
  /** Sets it back for a prompt. True when keys were pressed. */
  readonly back: () => Promise<boolean>;
  /** The agent has the prompt. */
  readonly proven: () => void;
}

interface Options {
  readonly configured?: string;
  readonly isFresh?: boolean;
  readonly truth?: string;
  /** What the screen shows in a mode. */
  readonly shows?: (mode: string) => string | null;
  /** What Shift+Tab does. */
  readonly next?: (mode: string) => string;
}

const nextOf = (mode: string): string => CYCLE[(CYCLE.indexOf(mode) + 1) % CYCLE.length] ?? 'default';

function agent(options: Options = {}): Agent {
  const { configured = 'default', shows = (mode: string) => mode, next = nextOf } = options;
  let truth = options.truth ?? configured;
  const modes = createModes(configured, options.isFresh);
  const notices: Notice[] = [];
  const view = (): View => ({ ...idle(), mode: shows(truth) });
  const terminal = createScriptedScreen([view], () => void (truth = next(truth)));
  const setBack = createSetBack({ terminal, modes, noticed: (notice) => void notices.push(notice) });
  return {
    modes,
    notices,
    did: terminal.did,
    truth: () => truth,
    back: () => setBack.press(shows(truth), never),
    proven: () => setBack.proven(),
  };
}

const told = (mode: string, more: object = {}): HookPayload =>
  parseHookPayload({ hook_event_name: 'Stop', session_id: 's', permission_mode: mode, ...more });

describe('an agent that is in another mode than the configured one', () => {
  test.each(CYCLE.slice(1))('as its screen shows %s, is set back by keys, and says so once', async (mode) => {
    const { back, proven, truth, notices, modes, did } = agent({ truth: mode });
    expect([await back(), truth(), modes.now]).toEqual([true, 'default', 'default']);
    expect(did).toHaveLength(CYCLE.length - CYCLE.indexOf(mode));
    expect(await back()).toBe(false);
    proven();
    expect(notices).toEqual([{ type: 'mode.set_back', data: { from: mode, to: 'default', by: 'keys' } }]);
  });

  test('that an older version does not show is set back, too', async () => {
    const { back, truth } = agent({ truth: 'plan', shows: (mode) => (mode === 'default' ? null : mode) });
    expect([await back(), truth()]).toEqual([true, 'default']);
  });

  test('whose screen lies is led on by each report that is refused', async () => {
    const { modes, back, truth } = agent({ truth: 'acceptEdits', shows: () => 'default' });
    let refused = 0;
    for (await back(); !modes.admits(truth()); refused += 1) await back();
    expect([truth(), refused]).toEqual(['default', 3]);
  });

  test.each([
    ['whose keys do nothing', { truth: 'plan', next: (mode: string) => mode }],
    ['that no key leads back to', { configured: 'dontAsk', truth: 'default' }],
  ])('and %s has to be started again', async (_name, options) => {
    const { modes, back, truth, notices } = agent(options);
    const tried = async (): Promise<void> => {
      while (!modes.admits(truth())) await back();
    };
    await expect(tried()).rejects.toThrow(/stays in the permission mode/);
    expect(notices.at(-1)).toMatchObject({ data: { by: 'restart' } });
  });
});

describe('a screen that always shows another mode', () => {
  test('leads to no key when the agent was just started, nor when it told that it is in the right one', async () => {
    const { modes, back, did } = agent({ isFresh: true, shows: () => 'acceptEdits' });
    expect([await back(), modes.admits('default'), await back(), did]).toEqual([false, true, false, []]);
  });
});

describe('the mode that a prompt of ours may run in', () => {
  test('is the configured one, or one that an agent of another version does not tell', () => {
    const modes = createModes('plan');
    expect(['plan', null, 'default', 'acceptEdits'].map((mode) => modes.admits(mode))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('changes with what was allowed for the rest of the session', () => {
    const modes = createModes('default');
    modes.remember([{ type: 'addRules', rules: [] }]);
    expect(modes.configured).toBe('default');
    modes.remember([{ type: 'setMode', mode: 'acceptEdits' }]);
    expect([modes.configured, modes.admits('acceptEdits')]).toEqual(['acceptEdits', true]);
  });
});

describe('the mode that an agent is in', () => {
  test('is what its hooks told last, but for those of a subagent', () => {
    const modes = createModes('default');
    expect(modes.now).toBeNull();
    modes.hear(told('plan'));
    modes.hear(told('acceptEdits', { agent_id: 'a1' }));
    expect(modes.now).toBe('plan');
  });

  test('is looked for on its screen, once for all who ask at the same time', async () => {
    const modes = createModes('default');
    const terminal = createScriptedScreen([{ ...idle(), mode: 'acceptEdits' }]);
    const read = createModeLook(terminal, modes);
    expect(await Promise.all([read(), read()])).toEqual(['acceptEdits', 'acceptEdits']);
    expect(terminal.looks).toBe(1);
  });
});
