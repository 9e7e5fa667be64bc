import { Argument, type Command } from 'commander';
import type { Adding } from './adding.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** What a shell may complete behind a command: the names of commands below it, and its options. */
interface Completed {
  readonly path: string;
  readonly words: readonly string[];
}

export function addCompletions({ program, terminal }: Adding): void {
  program.commandsGroup('More:');
  program
    .command('completions')
    .description('print what completes commands in a shell: source <(gatehouse completions bash)')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => terminal.print(toScript(shell, program)));
}

function toScript(shell: Shell, program: Command): string {
  const completed = collectWords(program, []);
  switch (shell) {
    case 'bash':
      return toBash(completed);
    case 'zsh':
      return `#compdef gatehouse\nautoload -U +X bashcompinit && bashcompinit\n${toBash(completed)}`;
    case 'fish':
      return toFish(program);
  }
}

function collectWords(command: Command, path: readonly string[]): readonly Completed[] {
  const options = command.options.flatMap(({ long }) => (long ? [long] : []));
  const below = command.commands.map((one) => one.name());
  return [
    { path: path.join(' '), words: [...below, ...options, '--help'] },
    ...command.commands.flatMap((one) => collectWords(one, [...path, one.name()])),
  ];
}

function toBash(completed: readonly Completed[]): string {
  const cases = completed.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`);
  return `_gatehouse() {
  local at path='' words=''
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ \${COMP_WORDS[at]} == -* ]] && break
    case " ${completed.map(({ path }) => path).join(' : ')} : " in
      *" : \${path:+$path }\${COMP_WORDS[at]} : "*) path="\${path:+$path }\${COMP_WORDS[at]}" ;;
      *) break ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _gatehouse gatehouse`;
}

function toFish(program: Command): string {
  const quote = (words: string): string => `'${words.replaceAll("'", String.raw`\'`)}'`;
  const lines = program.commands.flatMap((command) => {
    const name = command.name();
    const below = `__fish_seen_subcommand_from ${name}`;
    return [
      `complete -c gatehouse -n __fish_use_subcommand -a ${name} -d ${quote(command.description())}`,
      ...command.options.flatMap(({ long, description }) =>
        long ? [`complete -c gatehouse -n ${quote(below)} -l ${long.slice(2)} -d ${quote(description)}`] : [],
      ),
      ...command.commands.map(
        (one) => `complete -c gatehouse -n ${quote(below)} -a ${one.name()} -d ${quote(one.description())}`,
      ),
    ];
  });
  return ['complete -c gatehouse -f', ...lines].join('\n');
}
