import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../../../src/cli/commands.ts';
import { createProgram } from '../../../../src/cli/program/program.ts';
import { createFakeTerminal } from '../../../helpers/fake-terminal.ts';
import { findInPath } from '../../../helpers/in-path.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

const names = createProgram(createFakeTerminal(), () => {}).commands.map((command) => command.name());

async function scriptFor(shell: string): Promise<string> {
  const terminal = createFakeTerminal();
  expect(await runCommand(['completions', shell], terminal)).toBe(0);
  return terminal.printed.join('\n');
}

/** What is typed, and all that may stand there. */
const COMPLETED: readonly (readonly [string, readonly string[]])[] = [
  ['gatehouse ', [...names, 'help']],
  ['gatehouse sta', ['status']],
  ['gatehouse help sta', ['status']],
  ['gatehouse requests --st', ['--state']],
  ['gatehouse requests --state c', ['completed', 'cancelled']],
  ['gatehouse requests --state failed --so', ['--source']],
  ['gatehouse run -w website --det', ['--detach']],
  ['gatehouse run --agent ', ['claude', 'claude-print']],
  ['gatehouse hooks ', ['test']],
  ['gatehouse hooks test --ev', ['--event']],
  ['gatehouse keys create --scope ', ['execute', 'read', 'approve', 'sessions', 'terminal', 'admin']],
  ['gatehouse audit verify --k', ['--known']],
  ['gatehouse completions ', ['bash', 'zsh', 'fish']],
];

/** Gets the words that a shell offers, one a line, from a script of that shell. */
function ask(shell: string, args: readonly string[], input = ''): readonly string[] {
  const { stdout, stderr, status } = spawnSync(shell, args, { encoding: 'utf8', input });
  expect([status, stderr]).toEqual([0, '']);
  const words = stdout.split('\n').map((line) => line.split('\t', 1)[0]?.trim() ?? '');
  return words.filter((word) => word !== '').toSorted();
}

/** Only where there is such a shell. */
function testIn(shell: 'fish' | 'zsh'): {
  readonly name: string;
  readonly it: typeof test.skip;
  readonly found: string;
} {
  const found = findInPath(shell);
  if (found === null) return { name: `in ${shell} (none is in PATH: skipped)`, it: test.skip, found: '' };
  return { name: `in ${shell}`, it: test, found };
}

test.each(COMPLETED)('in bash %j is completed', async (typed, expected) => {
  const words = typed.split(' ');
  const asked = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
_gatehouse; printf '%s\\n' "\${COMPREPLY[@]}"`;
  expect(ask('bash', ['-c', `${await scriptFor('bash')}\n${asked}`])).toEqual(expected.toSorted());
});

const fish = testIn('fish');
describe(fish.name, () => {
  fish.it.each(COMPLETED)('%j is completed', async (typed, expected) => {
    using home = createTempFolder();
    writeFileSync(path.join(home.path, 'gatehouse.fish'), await scriptFor('fish'));
    const script = `set -x HOME ${home.path}; source ${home.path}/gatehouse.fish; complete -C '${typed}'`;
    expect(ask(fish.found, ['--no-config', '-c', script])).toEqual(expected.toSorted());
  });

  fish.it('a backup is a file', async () => {
    using home = createTempFolder();
    writeFileSync(path.join(home.path, 'gatehouse.fish'), await scriptFor('fish'));
    const script = `source ${home.path}/gatehouse.fish; complete -C 'gatehouse restore ${home.path}/gate'`;
    expect(ask(fish.found, ['--no-config', '-c', script])).toEqual([`${home.path}/gatehouse.fish`]);
  });
});

/** What zsh would offer: its completion runs only at a keyboard, so the two builtins that offer are taken by names. */
const OFFERED = `compdef() { }
_describe() { print -rl -- "\${(@)\${(P)2}%%:*}" | grep -e "^\${words[CURRENT]}" }
compadd() { shift; print -rl -- "$@" | grep -e "^\${words[CURRENT]}" }`;

const zsh = testIn('zsh');
describe(zsh.name, () => {
  zsh.it.each(COMPLETED)('%j is completed', async (typed, expected) => {
    const words = typed.split(' ').map((word) => `'${word}'`);
    const script = `${OFFERED}\n${await scriptFor('zsh')}\nwords=(${words.join(' ')}) CURRENT=${words.length}; _gatehouse`;
    expect(ask(zsh.found, ['-f', '-c', script])).toEqual(expected.toSorted());
  });

  zsh.it('nothing is to be loaded before', async () => {
    using home = createTempFolder();
    writeFileSync(path.join(home.path, 'gatehouse.zsh'), await scriptFor('zsh'));
    const script = `ZDOTDIR=${home.path}; source ${home.path}/gatehouse.zsh; print -r -- $_comps[gatehouse]`;
    expect(ask(zsh.found, ['-f', '-c', script])).toEqual(['_gatehouse']);
  });
});
