import { lastLines } from '../../program/ending/last-lines.ts';
import { isQuestionFoot, readMenu, type Menu } from './menu.ts';
import { readShownDialog, type ShownDialog } from './shown-dialog.ts';

/** What Claude Code's screen says, read from a capture with its colours. */
export type Screen =
  /** The composer takes input and no turn runs. `composer`: what stands in it, without placeholders. */
  | { readonly kind: 'idle'; readonly composer: string }
  /** A turn runs; the composer is drawn all the same. */
  | { readonly kind: 'working'; readonly composer: string; readonly retrying: Retrying | null }
  /** The composer is in another mode (shell), or no composer is there: a dialog, a menu, or a start. */
  | {
      readonly kind: 'other';
      readonly dialog: Dialog;
      readonly menu: Menu | null;
      /** What stands there, of whatever form. */
      readonly shown: ShownDialog | null;
      /** The agent itself says that it waits for an answer: it is no view or menu of a person's. */
      readonly isAsking: boolean;
      readonly lines: string;
    };

/** The CLI rides out an outage and says so on its screen alone. */
export interface Retrying {
  readonly attempt: number;
  readonly of: number;
}

/** `permission`: also a plan to be allowed. `question`: the agent asks something. */
export type Dialog = 'permission' | 'question' | 'usage_limit' | 'unknown';

/** What is known beside the picture: a theme, a status line and words of a person's own can change none of it. */
export interface Beside {
  /** What the agent does, as it says itself. `waiting`: something else than the composer has the keys. */
  readonly activity: 'idle' | 'busy' | 'waiting';
  /** Where the terminal's cursor stands, which is in the composer as long as there is one. Null: nobody asked. */
  readonly cursor: Cursor | null;
}

export interface Cursor {
  readonly column: number;
  readonly row: number;
}

const RULE = /^─{10,}/;
const MARKER = '❯';
const IDLE: Beside = { activity: 'idle', cursor: null };

export function readScreen(capture: string, { activity, cursor }: Beside = IDLE): Screen {
  const lines = capture.split('\n').map(parseLine);
  const box = findBox(lines, cursor);
  if (box === null) return toOther(lines, activity === 'waiting');
  // Below it stands what a person wants, and no dialog.
  if (activity === 'waiting' || box.mode !== MARKER)
    return { ...toOther(lines, false), dialog: 'unknown', menu: null, shown: null };
  const composer = readComposer(lines.slice(box.top + 1, box.bottom));
  return activity === 'busy'
    ? { kind: 'working', composer, retrying: toRetrying(lines.slice(0, box.top)) }
    : { kind: 'idle', composer };
}

/** Where the composer is drawn. */
interface Box {
  /** The rules around it. */
  readonly top: number;
  readonly bottom: number;
  /** What stands before its text: another sign in shell mode. */
  readonly mode: string;
}

/** The composer stands between two rules, and the cursor in it, behind the marker: what a status line draws stands below. */
function findBox(lines: readonly Line[], cursor: Cursor | null): Box | null {
  if (cursor === null) return guessBox(lines);
  const bottom = lines.findIndex((line, row) => row > cursor.row && RULE.test(line.text));
  const top = lines.slice(0, cursor.row).findLastIndex((line) => RULE.test(line.text));
  if (top < 0 || bottom < 0 || cursor.column < MARKER_WIDTH) return null;
  const mode = /^\S(?=\s)/.exec(lines[top + 1]?.text ?? '')?.[0];
  return mode === undefined ? null : { top, bottom, mode };
}

/** The last two rules, where nobody knows the cursor. */
function guessBox(lines: readonly Line[]): Box | null {
  const bottom = lines.findLastIndex((line) => RULE.test(line.text));
  const top = lines.slice(0, Math.max(bottom, 0)).findLastIndex((line) => RULE.test(line.text));
  const isComposer = top >= 0 && lines[top + 1]?.text.startsWith(MARKER) === true;
  return isComposer && !isQuestionFoot(lines.slice(bottom + 1).map((line) => line.text))
    ? { top, bottom, mode: MARKER }
    : null;
}

function toOther(lines: readonly Line[], isAsking: boolean): Extract<Screen, { kind: 'other' }> {
  const text = lines.map((line) => line.text);
  const menu = readMenu(text);
  const shown = readShownDialog(text);
  return { kind: 'other', dialog: toDialog(menu), menu, shown, isAsking, lines: lastLines(text.join('\n')) };
}

/** A long text wraps at the width of the pane, so its lines are compared without their breaks. */
export function composerHolds(composer: string, expected: string): boolean {
  if (/^\[Pasted text #\d+( \+\d+ lines)?\]$/.test(composer.trim())) return true;
  const shown = composer.replaceAll(/\s+/g, '');
  return shown !== '' && shown === expected.replaceAll(/\s+/g, '');
}

/** Whether the agent waits for an answer there, to a permission, a plan or a question. */
export function asksSomething(screen: Screen): boolean {
  return screen.kind === 'other' && (screen.dialog === 'permission' || screen.dialog === 'question');
}

/** Lines after the first are indented by it. */
export const MARKER_WIDTH = 2;

function readComposer(lines: readonly Line[]): string {
  return lines
    .map((line) => line.typed.slice(MARKER_WIDTH).trimEnd())
    .join('\n')
    .trim();
}

/** In the line that tells of the turn, above the composer. */
function toRetrying(above: readonly Line[]): Retrying | null {
  const lines = above.map((line) => line.text);
  const status = lines.findLast((line) => line.trim() !== '' && !/^\s+[⎿❯]/.test(line)) ?? '';
  const found = /attempt (\d+)\/(\d+)/.exec(status);
  return found === null ? null : { attempt: Number(found[1]), of: Number(found[2]) };
}

function toDialog(menu: Menu | null): Dialog {
  if (menu === null) return 'unknown';
  if (/Do you want to |Would you like to proceed|wants to exit plan mode/.test(menu.text)) return 'permission';
  if (/Enter to select ·|Ready to submit your answers\?/.test(menu.text)) return 'question';
  return /(usage|session|weekly|5-hour|rate).{0,20}limit/i.test(menu.text) ? 'usage_limit' : 'unknown';
}

interface Line {
  readonly text: string;
  /** The text with what is dim (a placeholder) left out. */
  readonly typed: string;
}

// oxlint-disable-next-line no-control-regex -- terminal sequences are the subject
const SGR = /\u001b\[([0-9;]*)m/g;

function parseLine(raw: string): Line {
  let text = '';
  let typed = '';
  let style: Style = { dim: false, inverse: false };
  let cursor = '';
  for (const piece of toPieces(raw)) {
    if (piece.sgr !== null) {
      style = applySgr(style, piece.sgr);
      continue;
    }
    text += piece.text;
    // The cursor stands on the first character of a placeholder: it counts as dim when what follows is.
    if (style.inverse) cursor += piece.text;
    else if (style.dim) cursor = '';
    else {
      typed += cursor + piece.text;
      cursor = '';
    }
  }
  return { text, typed: typed + cursor };
}

function* toPieces(raw: string): Generator<{ readonly sgr: string | null; readonly text: string }> {
  let from = 0;
  for (const match of raw.matchAll(SGR)) {
    if (match.index > from) yield { sgr: null, text: raw.slice(from, match.index) };
    yield { sgr: match[1] ?? '', text: '' };
    from = match.index + match[0].length;
  }
  if (from < raw.length) yield { sgr: null, text: raw.slice(from) };
}

interface Style {
  readonly dim: boolean;
  readonly inverse: boolean;
}

function applySgr(style: Style, parameters: string): Style {
  let { dim, inverse } = style;
  const codes = parameters === '' ? ['0'] : parameters.split(';');
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index];
    if (code === '0') [dim, inverse] = [false, false];
    else if (code === '2') dim = true;
    else if (code === '22') dim = false;
    else if (code === '7') inverse = true;
    else if (code === '27') inverse = false;
    // A colour has parameters of its own.
    else if (code === '38' || code === '48') index += codes[index + 1] === '5' ? 2 : 4;
  }
  return { dim, inverse };
}
