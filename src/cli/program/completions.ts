import { Argument } from 'commander';
import type { Adding } from './adding.ts';
import { collectPlaces } from './completions/places.ts';
import { toBash } from './completions/bash.ts';
import { toFish } from './completions/fish.ts';
import { toZsh } from './completions/zsh.ts';

const SHELLS = { bash: toBash, zsh: toZsh, fish: toFish } as const;
type Shell = keyof typeof SHELLS;

export function addCompletions({ program, terminal }: Adding): void {
  program.commandsGroup('More:');
  program
    .command('completions')
    .description('print what completes commands in a shell: source <(gatehouse completions bash)')
    .addArgument(new Argument('<shell>').choices(Object.keys(SHELLS)))
    .action((shell: Shell) => terminal.print(SHELLS[shell](collectPlaces(program))));
}
