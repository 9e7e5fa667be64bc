import { Command } from 'commander';
import { version } from '../../lib/version.ts';
import type { Terminal } from '../terminal.ts';
import type { Ended } from './adding.ts';
import { addExamples } from './examples.ts';
import { addLocalCommands } from './local-commands.ts';
import { addRemoteCommands } from './remote-commands.ts';
import { addCompletions } from './completions.ts';

/** The commands, their words and their help. */
export function createProgram(terminal: Terminal, ended: Ended): Command {
  const program = new Command('gatehouse')
    .description('A gateway to coding agents.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print the help of a command')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(gatehouse help says more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', AFTER);
  const adding = { program, terminal, ended };
  addRemoteCommands(adding);
  addLocalCommands(adding);
  addCompletions(adding);
  program
    .command('version')
    .description('print the version')
    .action(() => terminal.print(version));
  addExamples(program);
  return program;
}

const AFTER = `
Commands of a running gateway ask the one at GATEHOUSE_URL with the key GATEHOUSE_API_KEY, otherwise
the one that the settings here describe (the environment and .env), with the key of its data folder.

Exit codes: 0 done; 1 not done, and stderr says why; 2 the command was not understood; 3 the request
ended without completing; 130 interrupted, and the request goes on.

Examples:
  gatehouse serve
  gatehouse run -w website "Fix the broken link in README.md"
  git diff | gatehouse run -w website --json -
  gatehouse approvals
  gatehouse logs -f
  gatehouse attach website`;
