import type { Place, Word } from './places.ts';

/** To be sourced, also where no compinit was, and as a file _gatehouse of fpath. */
export function toZsh(places: readonly Place[]): string {
  return `#compdef gatehouse
_gatehouse() {
  local at place='' one=\${words[CURRENT]}
  local -a found
  local -a places=(${places
    .filter(({ path }) => path !== '')
    .map(({ path }) => quote(path))
    .join(' ')})
  for ((at = 2; at < CURRENT; at++)); do
    (( \${places[(Ie)\${place:+$place }\${words[at]}]} )) || break
    place="\${place:+$place }\${words[at]}"
  done
  case "$place \${words[CURRENT - 1]}" in
${places.flatMap(toValueCases).join('\n')}
  esac
  case "$place" in
${places.map(toPlaceCase).join('\n')}
  esac
  (( \${#found} )) && _describe gatehouse found
}
if [[ \${funcstack[1]} == _gatehouse ]]; then
  _gatehouse "$@"
else
  (( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit -i }
  compdef _gatehouse gatehouse
fi`;
}

function toValueCases({ path, options }: Place): readonly string[] {
  return options.flatMap(({ word, short, value }) => {
    if (value === null) return [];
    const names = [word, ...(short === null ? [] : [short])].map((name) => quote(`${path} ${name}`));
    return [`    ${names.join(' | ')}) ${toAction(value)}; return ;;`];
  });
}

function toAction(value: Place['argument']): string {
  return value === 'file' ? '_files' : `compadd -- ${value.map(quote).join(' ')}`.trimEnd();
}

function toPlaceCase({ path, commands, options, argument }: Place): string {
  const dashed = `[[ $one == -* ]] && found=(${toDescribed(options)})`;
  return argument === 'file' || argument.length > 0
    ? `    ${quote(path)}) ${dashed} || { ${toAction(argument)}; return } ;;`
    : `    ${quote(path)}) ${dashed} || found=(${toDescribed(commands)}) ;;`;
}

function toDescribed(words: readonly Word[]): string {
  return words.map(({ word, says }) => quote(`${word.replaceAll(':', String.raw`\:`)}:${says}`)).join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
