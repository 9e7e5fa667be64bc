import { expect, test } from '@jest/globals';
import { maySleep } from '../../../../../src/agents/claude/session/sleep.ts';
import {
  createScriptedScreen,
  createStillTime,
  dialog,
  idle,
  working,
  type Shown,
} from '../../../../helpers/scripted-screen.ts';

interface Asked {
  readonly busy?: boolean;
  readonly prompted?: boolean;
  /** It waits for a time that it set before this gateway. */
  readonly kept?: boolean;
}

const ask = (views: readonly Shown[], { busy = false, prompted = false, kept = false }: Asked = {}): Promise<boolean> =>
  maySleep({
    terminal: createScriptedScreen(views),
    isBusy: () => busy,
    isPrompted: () => prompted,
    isKept: async () => kept,
  });

test.each<[string, readonly Shown[], Asked, boolean]>([
  ['an idle agent', [idle()], {}, true],
  ['an agent whose program has ended', [null], {}, true],
  ['a line that somebody left', [idle('half a thought')], {}, true],
  ['a menu that somebody left', [dialog()], {}, true],
  ['a turn whose end the agent has not said yet', [working(), working(), idle()], {}, true],
  ['a turn or work in the background', [idle()], { busy: true }, false],
  ['an agent that is to be asked at a time that it set', [idle()], { kept: true }, false],
  ['commands in the background, as the agent says', [{ ...idle(), hasTasks: true }], {}, false],
  ['a person who is attached', [idle('', 3_600_000)], {}, false],
  ['a permission dialog', [dialog('permission')], {}, false],
  ['a question', [dialog('question')], {}, false],
  ['a dialog behind which a turn runs', [dialog()], { prompted: true }, false],
])('%s', async (_name, views, asked, expected) => {
  expect(await ask(views, asked)).toBe(expected);
});

test('a turn that lasts for two seconds is one', async () => {
  using time = createStillTime();
  expect(await ask([working(), time.later(2_001, working())])).toBe(false);
});

test('an agent that was just prompted is given two seconds to say that it works', async () => {
  using time = createStillTime();
  expect(await ask([idle(), time.later(2_001, working())], { prompted: true })).toBe(false);
  expect(await ask([idle(), time.later(2_001, idle())], { prompted: true })).toBe(true);
});
