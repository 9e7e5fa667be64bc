import { shellWord } from '../../../lib/shell-word.ts';

/** What the script tells of an ask: its own text stands in the composer now, or what stood there before still does. */
export type EditorDeed = 'replaced' | 'kept' | 'failed';

/** Of an ask: whose text may be replaced. `any`: whatever stands there. `same`: exactly what the ask names. `leave`: nothing,
 *  it is only read. */
export type EditorMode = 'empty' | 'any' | 'same' | 'leave';

/** Claude Code's composer is edited in a file of this name. An agent that edits something else gets the person's own editor. */
const COMPOSER_FILE = '*/claude-prompt-*';

/** The agent's editor. Claude Code starts it for Ctrl-G in its composer and hands it a file that holds exactly what
 *  stands there; what the file holds at its end is put into the composer, letter by letter. When the gateway asked, a
 *  file named `ask` lies in the folder: a nonce, a mode and the second until which it holds. `mv` lets one editor alone
 *  have it. Otherwise a person pressed the key, and gets their own editor. */
export function toEditorScript(folder: string, ownEditor: string): string {
  return `#!/bin/sh
door=${shellWord(folder)}
case $1 in ${COMPOSER_FILE})
  if mv "$door/ask" "$door/taken" 2>/dev/null; then
    read -r nonce mode until <"$door/taken"
    if [ "$(date +%s)" -le "$until" ]; then
      did=kept
      if [ -s "$1" ]; then cat "$1"; fi >"$door/was-$nonce" || exit 0
      if [ "$mode" = any ] || { [ "$mode" = empty ] && [ ! -s "$1" ]; } ||
        { [ "$mode" = same ] && [ "$(cat "$1" && echo .)" = "$(cat "$door/same-$nonce" && echo .)" ]; }; then
        did=replaced
        cat "$door/text-$nonce" >"$1" || did=failed
      fi
      echo "$did" >"$door/told-$nonce"
      exit 0
    fi
  fi ;;
esac
exec ${ownEditor} "$1"
`;
}
