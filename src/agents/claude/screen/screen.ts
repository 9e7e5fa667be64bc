import { isQuestionFoot, readMenu, type Menu } from './menu.ts';

/** What Claude Code's screen says of itself, read from a capture with its colours. */
export type Screen =
  /** The composer takes input and no turn runs. `composer`: what stands in it, without placeholders. */
  | { readonly kind: 'idle'; readonly composer: string }
  /** A turn runs; the composer is drawn all the same. */
  | { readonly kind: 'working'; readonly composer: string; readonly retrying: Retrying | null }
  /** The composer is in another mode (shell), or no composer is there: a dialog, a menu, or a start. */
  | { readonly kind: 'other'; readonly dialog: Dialog; readonly menu: Menu | null; readonly lines: string };

/** The CLI rides out an outage and says so on its screen alone. */
export interface Retrying {
  readonly attempt: number;
  readonly of: number;
}

/** `permission`: also a plan to be allowed. `question`: the agent asks something. */
export type Dialog = 'permission' | 'question' | 'usage_limit' | 'unknown';

const RULE = /^─{10,}/;
const MARKER = '❯';
/** What the CLI says of a turn that runs; an answer begins with another sign. */
const SPINNER = /^[·✢✳✶✻✽*] \S+…( |$)/;
/** The colour of the marker while a turn runs. */
const BUSY_COLOURS = new Set(['38;5;246', '2']);

export function readScreen(capture: string): Screen {
  const lines = capture.split('\n').map(parseLine);
  const bottom = lines.findLastIndex((line) => RULE.test(line.text));
  const top = lines.slice(0, Math.max(bottom, 0)).findLastIndex((line) => RULE.test(line.text));
  const first = lines[top + 1];
  const isQuestion = isQuestionFoot(lines.slice(bottom + 1).map((line) => line.text));
  if (top < 0 || first === undefined || !first.text.startsWith(MARKER) || isQuestion) {
    const text = lines.map((line) => line.text);
    const menu = readMenu(text);
    return { kind: 'other', dialog: toDialog(menu), menu, lines: lastLines(text.join('\n')) };
  }
  const composer = readComposer(lines.slice(top + 1, bottom));
  const footer = lines.slice(bottom + 1).map((line) => line.text);
  const above = lines.slice(0, top).map((line) => line.text);
  const status = above.findLast((line) => line.trim() !== '' && !/^\s+[⎿❯]/.test(line)) ?? '';
  const busy =
    BUSY_COLOURS.has(first.markerColour) ||
    footer.some((line) => line.includes('esc to interrupt')) ||
    SPINNER.test(status.trimEnd());
  return busy ? { kind: 'working', composer, retrying: toRetrying(status) } : { kind: 'idle', composer };
}

/** Whether the line below the composer tells of work in the background. */
export function showsTasks(capture: string): boolean {
  const lines = capture.split('\n').map((line) => parseLine(line).text);
  return lines.slice(lines.findLastIndex((line) => RULE.test(line)) + 1).some((line) => line.includes('↓ to manage'));
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

const LAST_LINES = 15;

/** What a person needs to see of a screen. */
export function lastLines(screen: string): string {
  return screen
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-LAST_LINES)
    .join('\n');
}

/** Lines after the first are indented by the width of the marker. */
function readComposer(lines: readonly Line[]): string {
  return lines
    .map((line) => line.typed.slice(2).trimEnd())
    .join('\n')
    .trim();
}

function toRetrying(status: string): Retrying | null {
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
  /** As an SGR parameter; `39` is the terminal's own. */
  readonly markerColour: string;
}

// oxlint-disable-next-line no-control-regex -- terminal sequences are the subject
const SGR = /\u001b\[([0-9;]*)m/g;

function parseLine(raw: string): Line {
  let text = '';
  let typed = '';
  let markerColour = '39';
  let style: Style = { colour: '39', dim: false, inverse: false };
  let cursor = '';
  for (const piece of toPieces(raw)) {
    if (piece.sgr !== null) {
      style = applySgr(style, piece.sgr);
      continue;
    }
    if (text === '' && piece.text.startsWith(MARKER)) markerColour = style.dim ? '2' : style.colour;
    text += piece.text;
    // The cursor stands on the first character of a placeholder: it counts as dim when what follows is.
    if (style.inverse) cursor += piece.text;
    else if (style.dim) cursor = '';
    else {
      typed += cursor + piece.text;
      cursor = '';
    }
  }
  return { text, typed: typed + cursor, markerColour };
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
  readonly colour: string;
  readonly dim: boolean;
  readonly inverse: boolean;
}

function applySgr(style: Style, parameters: string): Style {
  let { colour, dim, inverse } = style;
  const codes = parameters === '' ? ['0'] : parameters.split(';');
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index];
    if (code === '0') [colour, dim, inverse] = ['39', false, false];
    else if (code === '2') dim = true;
    else if (code === '22') dim = false;
    else if (code === '7') inverse = true;
    else if (code === '27') inverse = false;
    else if (code === '38' || code === '48') {
      const length = codes[index + 1] === '5' ? 3 : 5;
      if (code === '38') colour = codes.slice(index, index + length).join(';');
      index += length - 1;
    } else if (code === '39' || /^(3|9)[0-7]$/.test(code ?? '')) colour = code ?? '39';
  }
  return { colour, dim, inverse };
}
