import { expect, test } from '@jest/globals';
import type { OtherSettings } from '../../../../../src/agents/program/files/other-settings.ts';
import { createStopHooks, type StopHooks } from '../../../../../src/agents/claude/turn/stop-hooks.ts';

const OURS = 'http://127.0.0.1:3010/agent-hooks';
const HOOK = { hooks: { Stop: [{ hooks: [{ type: 'command', command: './hook.sh' }] }] } };

/** The settings files say what a test says at that moment. */
function withSettings(): { readonly stopHooks: StopHooks; say(...settings: readonly object[]): void } {
  let others: readonly OtherSettings[] = [];
  return {
    stopHooks: createStopHooks({ readOtherSettings: async () => others }, '/w'),
    say: (...settings) =>
      void (others = settings.map((known) => ({ file: 'f', source: 'project', settings: { ...known } }))),
  };
}

test('others may be there until the CLI noted that nobody was', async () => {
  const { stopHooks } = withSettings();
  expect(await stopHooks.mayHold(true)).toBe(true);
  await stopHooks.learn([OURS]);
  expect(await stopHooks.mayHold(true)).toBe(false);
});

test.each([[[OURS, './hook.sh']], [[OURS, '']], [['./hook.sh']], [['http://127.0.0.1:3010/other']], [null]])(
  'what ran at the last Stop was not ours alone: %j',
  async (ran) => {
    const { stopHooks } = withSettings();
    await stopHooks.learn([OURS]);
    await stopHooks.learn(ran);
    expect(await stopHooks.mayHold(true)).toBe(true);
  },
);

test('others may have come with a tool, or with what somebody else did', async () => {
  const { stopHooks } = withSettings();
  await stopHooks.learn([OURS]);
  expect(await stopHooks.mayHold(false)).toBe(true);
  stopHooks.doubt();
  expect(await stopHooks.mayHold(true)).toBe(true);
});

test.each<[string, object, boolean]>([
  ['a Stop hook', HOOK, true],
  ['something that nobody understands', { hooks: { Stop: 'no' } }, true],
  ['a plugin', { enabledPlugins: { 'p@m': true } }, true],
  ['no Stop hook any more', { hooks: { Stop: [] } }, false],
  ['another hook', { hooks: { PostToolUse: HOOK.hooks.Stop } }, false],
])('a settings file that now names %s', async (_name, settings, mayHold) => {
  const { stopHooks, say } = withSettings();
  say({});
  await stopHooks.learn([OURS]);
  say(settings);
  expect(await stopHooks.mayHold(true)).toBe(mayHold);
});

test('a plugin that was there already brought no hook', async () => {
  const { stopHooks, say } = withSettings();
  say({ enabledPlugins: { 'p@m': true } });
  await stopHooks.learn([OURS]);
  expect(await stopHooks.mayHold(true)).toBe(false);
});
