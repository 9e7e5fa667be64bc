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
}

const ask = (views: readonly Shown[], { busy = false, prompted = false }: Asked = {}): Promise<boolean> =>
  maySleep({ terminal: createScriptedScreen(views), isBusy: () => busy, isPrompted: () => prompted });

test.each<[string, readonly Shown[], Asked, boolean]>([
  ['an idle agent', [idle()], {}, true],
  ['an agent whose program has ended', [null], {}, true],
  ['a line that somebody left', [idle('half a thought')], {}, true],
  ['a menu that somebody left', [dialog()], {}, true],
  ['a turn whose end is being drawn', [working(), working(), idle()], {}, true],
  ['a turn or work in the background', [idle()], { busy: true }, false],
  ['work in the background that the screen shows', [{ ...idle(), showsTasks: true }], {}, false],
  ['a person who is attached', [idle('', 3_600_000)], {}, false],
  ['a permission dialog', [dialog('permission')], {}, false],
  ['a question', [dialog('question')], {}, false],
  ['a dialog behind which a turn runs', [dialog()], { prompted: true }, false],
  ['a turn of which no end was told', [working(), idle()], { prompted: true }, false],
])('%s', async (_name, views, asked, expected) => {
  expect(await ask(views, asked)).toBe(expected);
});

test('a turn that is drawn for two seconds is one', async () => {
  using time = createStillTime();
  expect(await ask([working(), time.later(2_001, working())])).toBe(false);
});

test('a prompt that was just entered is given two seconds to be drawn', async () => {
  using time = createStillTime();
  expect(await ask([idle(), time.later(2_001, working())], { prompted: true })).toBe(false);
  expect(await ask([idle(), time.later(2_001, idle())], { prompted: true })).toBe(true);
});
