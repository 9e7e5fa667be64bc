import type { WriteStream } from 'node:tty';

/** The part of the screen that is drawn anew at each change; above it stands what was said. */
export interface Frame {
  /** A prompt that nothing was answered to yet. */
  readonly head: readonly string[];
  /** `✻ Working…`, while a turn runs. */
  readonly status: string | null;
  readonly queued: readonly string[];
  readonly box: Box;
  readonly footer: string;
}

export type Box =
  | {
      readonly kind: 'composer';
      readonly text: string;
      readonly placeholder: string | null;
      /** `shell`: the text behind `!` goes to a shell. */
      readonly mode: 'idle' | 'working' | 'shell';
    }
  | { readonly kind: 'dialog'; readonly lines: readonly string[] };

export interface Screen {
  readonly columns: number;
  /** Lines that stay. */
  print(lines: readonly string[]): void;
  draw(frame: Frame): void;
  /** Gives the terminal to others: shows the cursor, and draws nothing until `resume`. */
  suspend(): void;
  resume(): void;
  /** Leaves the cursor below everything. */
  end(): void;
}

const GREY = '\u001b[38;5;246m';
const RULE = '\u001b[38;5;244m';
const PINK = '\u001b[38;5;211m';
const DIM = '\u001b[0;2m';
const RESET = '\u001b[0m';
/** What stands before the composer's text; a no-break space follows it. */
const MARKERS = { idle: `${RESET}❯\u00a0`, working: `${GREY}❯\u00a0${RESET}`, shell: `${PINK}!\u00a0${RESET}` };
/** Rows of the composer that are shown at most. */
const COMPOSER_ROWS = 20;

/** Draws as the real CLI does: on the main screen, the composer between two rules at the end. */
export function createScreen(out: WriteStream): Screen {
  let printed: string[] = [];
  let frame: Frame | null = null;
  let planned = false;
  let suspended = false;
  /** Rows between the top of the last frame and the cursor, and between the cursor and its last row. */
  let above = 0;
  let below = 0;

  function plan(): void {
    if (planned) return;
    planned = true;
    setImmediate(paint);
  }

  function paint(): void {
    planned = false;
    if (suspended) return;
    const lines = frame === null ? [] : toLines(frame, out.columns);
    const cursor = frame === null ? 0 : lines.length - (frame.box.kind === 'composer' ? 3 : 1);
    const up = above === 0 ? '' : `\u001b[${above}A`;
    const stay = printed.map((line) => `${line}\r\n`).join('');
    above = Math.max(cursor, 0);
    below = lines.length - 1 - above;
    const back = below === 0 ? '' : `\u001b[${below}A`;
    // Without wrapping a line is a row, whatever width its characters have.
    out.write(`\u001b[?25l${up}\r\u001b[J${stay}\u001b[?7l${lines.join('\r\n')}\u001b[?7h${back}\r\u001b[2C`);
    printed = [];
  }

  return {
    get columns() {
      return out.columns;
    },
    print(lines) {
      printed.push(...lines.flatMap((line) => line.split('\n')));
      plan();
    },
    draw(next) {
      frame = next;
      plan();
    },
    suspend() {
      suspended = true;
      out.write('\r\nClaude Code has been suspended. Run `fg` to bring Claude Code back.\r\n\u001b[?25h');
    },
    resume() {
      suspended = false;
      // What stands there by now is anybody's: it begins anew below it.
      above = 0;
      plan();
    },
    end() {
      paint();
      out.write(`${below === 0 ? '' : `\u001b[${below}B`}\r\n\u001b[?25h`);
    },
  };
}

function toLines(frame: Frame, columns: number): readonly string[] {
  const colour = frame.box.kind === 'composer' && frame.box.mode === 'shell' ? PINK : RULE;
  const rule = `${colour}${'─'.repeat(columns)}${RESET}`;
  const waiting = frame.queued.map((text) => `  ${GREY}❯ ${text.split('\n')[0]}${RESET}`);
  const above = [
    ...(frame.head.length === 0 ? [] : [...frame.head, '']),
    ...(frame.status === null ? [] : [frame.status, '']),
    ...(waiting.length === 0 ? [] : ['', ...waiting]),
    rule,
  ];
  if (frame.box.kind === 'dialog') return [...above, ...frame.box.lines];
  return [...above, ...composerRows(frame.box, columns), rule, `  ${GREY}${frame.footer}${RESET}`];
}

function composerRows(box: Extract<Box, { kind: 'composer' }>, columns: number): readonly string[] {
  const marker = MARKERS[box.mode];
  if (box.text === '' && box.placeholder !== null) {
    return [`${marker}${cursor(box.placeholder.slice(0, 1))}${DIM}${box.placeholder.slice(1)}${RESET}`];
  }
  const width = columns - 4;
  const rows = box.text.split('\n').flatMap((line) => wrap(line, width));
  const shown = rows.slice(0, COMPOSER_ROWS).map((row, index) => (index === 0 ? `${marker}${row}` : `  ${row}`));
  return [...shown.slice(0, -1), `${shown.at(-1) ?? ''}${cursor(' ')}`];
}

/** The CLI draws its cursor by itself. */
function cursor(on: string): string {
  return `\u001b[7m${on}${RESET}`;
}

function wrap(line: string, width: number): readonly string[] {
  const rows = [];
  for (let at = 0; at === 0 || at < line.length; at += width) rows.push(line.slice(at, at + width));
  return rows;
}
