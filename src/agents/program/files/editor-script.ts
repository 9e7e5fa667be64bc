import { shellWord } from '../../../lib/shell-word.ts';

/** What the script tells of an ask: its own text stands in the composer now, or what stood there before still does. */
export type EditorDeed = 'replaced' | 'kept' | 'failed';

/** Of an ask: whose text may be replaced. `any`: whatever stands there. `same`: exactly what the ask names. `leave`: nothing,
 *  it is only read. */
export type EditorMode = 'empty' | 'any' | 'same' | 'leave';

/** Claude Code's composer is edited in a file of this name. An agent that edits something else gets the person's own editor. */
const COMPOSER_FILE = 'claude-prompt-*';

/** The agent's editor. Claude Code starts it for Ctrl-G in its composer and hands it a file that holds exactly what
 *  stands there; what the file holds at its end is put into the composer, letter by letter. When the gateway asked, a
 *  file named `ask` lies in the folder (`toEditorAsk`), which is newer than the composer's file as long as it holds. Who
 *  makes the file `taken` of a nonce of it has that alone, as long as an ask lies there still. Otherwise a person pressed the
 *  key, and gets their own editor. The shell does all this itself: each program that it started would hold the CLI up for
 *  some milliseconds. Its variables are named as no person's are: those may be exported, and their editor gets them. */
export function toEditorScript(folder: string, ownEditor: string): string {
  return `#!/bin/sh
gatehouse_door=${shellWord(folder)}
gatehouse_take() {
  [ "$gatehouse_door/ask" -nt "$1" ] && command . "$gatehouse_door/ask" && set -C || return 1
  for gatehouse_nonce in $gatehouse_nonces; do
    if true >"$gatehouse_door/taken-$gatehouse_nonce" && [ -e "$gatehouse_door/ask" ]; then return; fi
  done
  return 1
}
case \${1##*/} in ${COMPOSER_FILE})
  # Once more: while it was read, the gateway may have replaced it.
  if { gatehouse_take "$1" || gatehouse_take "$1"; } 2>/dev/null
  then
    set +C
    gatehouse_did=kept
    if [ -s "$1" ]; then cat "$1"; fi >"$gatehouse_door/was-$gatehouse_nonce" || exit 0
    if [ "$gatehouse_mode" = any ] || { [ "$gatehouse_mode" = empty ] && [ ! -s "$1" ]; } ||
      { [ "$gatehouse_mode" = same ] && [ "$(cat "$1" && echo .)" = "$gatehouse_same." ]; }; then
      gatehouse_did=replaced
      printf %s "$gatehouse_text" >"$1" || gatehouse_did=failed
    fi
    echo "$gatehouse_did" >"$gatehouse_door/told-$gatehouse_nonce"
    exit 0
  fi ;;
esac
exec ${ownEditor} "$1"
`;
}

export interface EditorAsk {
  /** One for each key that it is for. */
  readonly nonces: readonly string[];
  readonly mode: EditorMode;
  /** What is put into the composer. */
  readonly text: string;
  /** What alone is replaced, in the mode `same`. */
  readonly same: string;
}

/** What the script reads of an ask: each of its words as a variable of the shell. */
export function toEditorAsk(ask: EditorAsk): string {
  const { mode, text, same } = ask;
  return Object.entries({ nonces: ask.nonces.join(' '), mode, text, same })
    .map(([name, value]) => `gatehouse_${name}=${shellWord(value)}\n`)
    .join('');
}
