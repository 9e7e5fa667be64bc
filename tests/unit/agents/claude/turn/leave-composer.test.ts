import { expect, test } from '@jest/globals';
import { toComposerText } from '../../../../../src/agents/claude/screen/composer.ts';
import {
  leaveComposer,
  leaveRefused,
  type ComposerParts,
} from '../../../../../src/agents/claude/turn/leave-composer.ts';
import { createScriptedDoor, createScriptedScreen, idle, noDoor } from '../../../../helpers/scripted-screen.ts';

const text = toComposerText('hello');

async function leave(stands: string, mayHoldOurs: boolean, line: string | null): Promise<readonly string[]> {
  const door = createScriptedDoor(stands);
  await leaveComposer({ terminal: createScriptedScreen([idle()]), door, text, displaced: { line } }, mayHoldOurs);
  return door.did;
}

test.each<[string, string, boolean, string | null, readonly string[]]>([
  ['nothing to do', '', false, null, []],
  ['our prompt is taken away', 'hello ', true, null, ['read', 'exchange hello  -> ']],
  ['a line takes its place again', 'hello', true, 'a draft', ['read', 'exchange hello -> ', 'fill a draft']],
  ['what a person made of it stays', 'hello and more', true, null, ['read']],
  ['a line is given back', '', false, 'a draft', ['fill a draft']],
  ['a line is given back behind a look', '', true, 'a draft', ['read', 'fill a draft']],
])('%s', async (_name, stands, mayHoldOurs, line, did) => {
  expect(await leave(stands, mayHoldOurs, line)).toEqual(did);
});

test.each<[string, string, readonly string[]]>([
  ['ours is taken out of what was put back', 'a draft hello', ['read', 'exchange a draft hello -> a draft']],
  ['what a person typed since stays', 'a draft hello, indeed', ['read']],
  ['an empty composer stays', '', ['read']],
])('when our prompt was refused: %s', async (_name, stands, did) => {
  const door = createScriptedDoor(stands);
  const parts = { terminal: createScriptedScreen([idle()]), door, text, displaced: { line: null } };
  await leaveRefused(parts, 'a draft hello');
  expect(door.did).toEqual(did);
});

test.each<[string, boolean, string | null]>([
  ['our prompt', true, null],
  ['a person’s line', false, 'a draft'],
])(
  'T26: no key is pressed for %s at an agent that was stopped and does not go on',
  async (_what, mayHoldOurs, line) => {
    const door = createScriptedDoor('hello');
    const terminal = createScriptedScreen([null]);
    await leaveComposer({ terminal, door, text, displaced: { line } }, mayHoldOurs);
    await leaveRefused({ terminal, door, text, displaced: { line } }, 'hello');
    expect([...door.did, ...terminal.did]).toEqual([]);
    expect(terminal.looks).toBe(2);
  },
);

test.each([
  [['closed', ''], []],
  [['closed', 'closed'], [7]],
] as const)('a line is given back at the second try, or told as lost: %j', async (stands, lost) => {
  const told: number[] = [];
  const door = createScriptedDoor(...stands);
  const lineLost = (characters: number): void => void told.push(characters);
  const displaced = { line: 'a draft' };
  await leaveComposer({ terminal: createScriptedScreen([idle()]), door, text, displaced, lineLost }, false);
  expect([door.did.length, told]).toEqual([2, lost]);
});

test.each([
  ['is over', 'hello', (parts: ComposerParts): Promise<void> => leaveComposer(parts, true)],
  ['was refused', 'a draft hello', (parts: ComposerParts): Promise<void> => leaveRefused(parts, 'a draft hello')],
])('what a person types while a prompt that %s is taken away stays', async (_name, stands, leaving) => {
  const door = createScriptedDoor(stands, `${stands}, and more`);
  await leaving({ terminal: createScriptedScreen([idle()]), door, text, displaced: { line: null } });
  expect(door.did).toEqual(['read', expect.stringMatching(`^exchange ${stands} ->`)]);
  expect(await door.read()).toMatchObject({ was: { text: `${stands}, and more` } });
});

test('a line is given back once', async () => {
  const displaced = { line: 'a draft' };
  const door = createScriptedDoor('');
  const parts = { terminal: createScriptedScreen([idle()]), door, text, displaced };
  await leaveComposer(parts, false);
  await leaveComposer(parts, false);
  expect(door.did).toEqual(['fill a draft']);
});

test.each([
  ['hello', ['Escape Escape']],
  ['', []],
  ['another', []],
])('without a door, a composer with %j is cleared only of our prompt', async (composer, did) => {
  const terminal = createScriptedScreen([idle(composer)]);
  await leaveComposer({ terminal, door: noDoor, text, displaced: { line: null } }, true);
  expect(terminal.did).toEqual(did);
});
