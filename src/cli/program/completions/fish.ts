import type { CompletedOption, Place, Word } from './places.ts';

export function toFish(places: readonly Place[]): string {
  const paths = places.flatMap(({ path }) => (path === '' ? [] : [quote(path)]));
  return [
    `function __gatehouse_is_at
  set -l place
  for word in (commandline -opc)[2..-1]
    contains -- (string join ' ' -- $place $word) ${paths.join(' ')}; or break
    set place $place $word
  end
  test (string join ' ' -- '' $place) = (string join ' ' -- '' $argv)
end`,
    'complete -c gatehouse -f',
    ...places.flatMap(toLines),
  ].join('\n');
}

function toLines({ path, commands, options, argument }: Place): readonly string[] {
  const begin = `complete -c gatehouse -n ${quote(`__gatehouse_is_at ${path}`.trimEnd())}`;
  const values = argument === 'file' ? ['-F'] : argument.map((word) => `-a ${quote(word)}`);
  return [...commands.map(toWord), ...options.map(toOption), ...values].map((line) => `${begin} ${line}`);
}

function toWord({ word, says }: Word): string {
  return `-a ${word} -d ${quote(says)}`;
}

function toOption({ word, short, says, value }: CompletedOption): string {
  return [
    `-l ${word.slice(2)}`,
    ...(short === null ? [] : [`-s ${short.slice(1)}`]),
    ...(value === null ? [] : ['-x']),
    ...(value === null || value.length === 0 ? [] : [`-a ${quote(value.join(' '))}`]),
    `-d ${quote(says)}`,
  ].join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}
