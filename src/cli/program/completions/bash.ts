import type { CompletedOption, Place } from './places.ts';

/** Also for the Bash 3 of macOS. The names of files come from `-o default`, where there is no other word. */
export function toBash(places: readonly Place[]): string {
  return `_gatehouse() {
  local at place='' words='' one="\${COMP_WORDS[COMP_CWORD]}"
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ \${COMP_WORDS[at]} == -* ]] && break
    case ":${places.map(({ path }) => path).join(':')}:" in
      *":\${place:+$place }\${COMP_WORDS[at]}:"*) place="\${place:+$place }\${COMP_WORDS[at]}" ;;
      *) break ;;
    esac
  done
  case "$place \${COMP_WORDS[COMP_CWORD - 1]}" in
${places.flatMap(toValueCases).join('\n')}
    *)
      case "$place" in
${places.map(toPlaceCase).join('\n')}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$one"))
}
complete -o default -F _gatehouse gatehouse`;
}

function toValueCases({ path, options }: Place): readonly string[] {
  return options.flatMap(({ word, short, value }) => {
    if (value === null) return [];
    const names = short === null ? [word] : [word, short];
    return [`    ${names.map((name) => `'${path} ${name}'`).join(' | ')}) words='${value.join(' ')}' ;;`];
  });
}

function toPlaceCase({ path, commands, options, argument }: Place): string {
  const values = argument === 'file' ? [] : argument;
  const words = [...commands.map(({ word }) => word), ...values].join(' ');
  const dashed = options.map(({ word }: CompletedOption) => word).join(' ');
  return `        '${path}') [[ $one == -* ]] && words='${dashed}' || words='${words}' ;;`;
}
