import type { Argument, Command, Option } from 'commander';

/** What a shell may complete behind the words of a command: `keys create`; '' behind none. */
export interface Place {
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly CompletedOption[];
  readonly argument: Value;
}

export interface Word {
  readonly word: string;
  /** On one line. */
  readonly says: string;
}

export interface CompletedOption extends Word {
  /** With the dash; null: there is none. */
  readonly short: string | null;
  /** One of these words (none: what no shell can know); null: the option is a word alone. */
  readonly value: readonly string[] | null;
}

/** What may stand there: one of these words (none: what no shell can know), or the name of a file. */
export type Value = readonly string[] | 'file';

const HELP = { word: '--help', short: '-h', says: 'print the help of a command', value: null } as const;
const HELP_COMMAND = { word: 'help', says: HELP.says } as const;
/** Arguments of this machine's commands that are files. */
const FILES: readonly string[] = ['file', 'ref'];

export function collectPlaces(program: Command): readonly Place[] {
  const [first, ...others] = collect(program, []);
  if (first === undefined) return [];
  const help = { path: 'help', commands: first.commands, options: [], argument: [] };
  return [{ ...first, commands: [...first.commands, HELP_COMMAND] }, ...others, help];
}

function collect(command: Command, path: readonly string[]): readonly Place[] {
  const [argument] = command.registeredArguments;
  return [
    {
      path: path.join(' '),
      commands: command.commands.map((one) => ({ word: one.name(), says: one.description() })),
      options: [...command.options.flatMap(toCompleted), HELP],
      argument: argument === undefined ? [] : toValue(argument),
    },
    ...command.commands.flatMap((one) => collect(one, [...path, one.name()])),
  ];
}

function toCompleted(option: Option): readonly CompletedOption[] {
  const { long, short = null, description, required, optional } = option;
  if (!long) return [];
  const value = required || optional ? (option.argChoices ?? []) : null;
  return [{ word: long, short, says: description, value }];
}

function toValue(argument: Argument): Value {
  return FILES.includes(argument.name()) ? 'file' : (argument.argChoices ?? []);
}
