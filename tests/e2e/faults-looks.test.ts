import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { attachPerson, type Person } from '../helpers/person.ts';
import { until } from '../helpers/until.ts';

/** Draws a composer with a text of its own, and the words of a turn, of a dialog and of work in the background. */
const LYING = `#!/bin/sh
cat >/dev/null
rule=$(printf '%0.s─' $(seq 60))
printf '%s\\n❯ not this\\n%s\\n✻ Brewing… (3s · esc to interrupt)\\n 1. Yes\\n❯ 2. No\\nEnter to select · 1 shell · ↓ to manage\\n' "$rule" "$rule"
`;
const THEME = { theme: 'light', spinnerVerbs: { mode: 'replace', verbs: ['Deep thinking'] } };
const LOOKS: readonly (readonly [string, string, object])[] = [
  ['T4: light colours, words of one’s own, a status line', 't4', THEME],
  ['T5: a status line that says what the CLI says of a turn', 't5', {}],
  ['a status line of 60 lines, which pushes the composer out of the pane', 'tall', {}],
  ['T5: a status line that draws a composer, a dialog and tasks', 't5-lying', { ...THEME, theme: 'dark-daltonized' }],
];

/** Settings that change what the screen looks like and says, with the real CLI. The number is that of the fault. */
describe.each(LOOKS)('%s', (_name, workspace, looks) => {
  let rig: FaultRig;
  let person: Person | null = null;
  beforeAll(async () => {
    rig = await openFaultRig({ env: { SESSION_IDLE_MS: '4000' } });
    const folder = path.join(rig.root, 'data', 'agent-home', '.claude');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'line.sh'), LYING);
    await chmod(path.join(folder, 'line.sh'), 0o755);
    const commands: Readonly<Record<string, string>> = {
      t4: 'echo main',
      t5: "echo 'press esc to interrupt'",
      tall: 'seq -f "line %g" 60',
      't5-lying': path.join(folder, 'line.sh'),
    };
    const statusLine = { type: 'command', command: commands[workspace] };
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ ...looks, statusLine }));
    await rig.run('w', 'warm');
  });
  afterEach(async () => {
    await person?.leave();
    person = null;
  });
  afterAll(() => rig.close());

  test('a model that is silent for long is waited for, and what waits is not typed into its turn', async () => {
    const id = await rig.submitHeld('w', 'hold for long');
    const next = await rig.submit('w', 'behind it');
    await new Promise((resolve) => setTimeout(resolve, 9_000));
    expect(await rig.status(id)).toMatchObject({ state: 'running', phase: 'working' });
    expect(rig.model.count('behind it')).toBe(0);
    (await rig.held('hold for long')).resolve('at last');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'at last' } });
    expect(await rig.ended(next)).toMatchObject({ state: 'completed', output: { text: 'echo: behind it' } });
  });

  test('a person who stops it before its first word is noticed, and their composer is empty', async () => {
    const id = await rig.submitHeld('w', 'hold and be stopped');
    person = await attachPerson(rig.gateway.tmuxSocket, 'w');
    person.type('\u001b');
    expect(await rig.ended(id)).toMatchObject({ state: 'failed', reason: 'interrupted' });
    await rig.expectIntact('w');
    expect(rig.model.count('hold and be stopped')).toBe(1);
  });

  test('a turn is cancelled', async () => {
    const id = await rig.submitHeld('w', 'hold and be cancelled');
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    await rig.expectIntact('w');
  });

  test('a person’s own turn is waited for', async () => {
    person = await attachPerson(rig.gateway.tmuxSocket, 'w');
    person.type('hold my own turn');
    await person.sees('hold my own turn');
    person.type('\r');
    const own = await rig.held('hold my own turn');
    const id = await rig.submit('w', 'behind theirs');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(rig.model.count('behind theirs')).toBe(0);
    own.resolve('yours');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'echo: behind theirs' } });
    await rig.noted('person.prompted', 'w');
  });

  test('shell mode is seen, and nothing is run in it', async () => {
    await rig.tmux('send-keys', '-t', '=claude-w:', '!');
    await rig.tmux('send-keys', '-t', '=claude-w:', '-l', 'touch typed-by-person');
    await until(async () =>
      (await rig.tmux('capture-pane', '-p', '-t', '=claude-w:')).includes('touch typed-by-person'),
    );
    await rig.expectIntact('w');
    expect(existsSync(path.join(rig.root, 'workspaces', 'w', 'typed-by-person'))).toBe(false);
  });

  test('an idle agent sleeps', async () => {
    await rig.run('w', 'the last one');
    await rig.noted('session.slept', 'w');
    await rig.expectIntact('w');
  });
});
