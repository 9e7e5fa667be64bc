import type { Composer } from './composer.ts';
import type { Input } from './key-reader.ts';
import type { Screen } from './screen.ts';

/** Stands in the place of the composer and takes all input. */
export interface Dialog {
  lines(): readonly string[];
  take(input: Input): void;
}

/** What is on the screen beside the composer's text. */
export interface Shown {
  readonly head: readonly string[];
  readonly status: string | null;
  readonly queued: readonly string[];
  readonly dialog: Dialog | null;
  /** Said beside the footer until the next key. */
  readonly hint: string | null;
  /** The permission mode. */
  readonly mode: string;
  /** How many run in the background. */
  readonly tasks: number;
}

export interface View {
  readonly shown: Shown;
  show(change: Partial<Shown>): void;
  say(...lines: readonly string[]): void;
}

/** Lines of a prompt that are shown at most. */
const PROMPT_LINES = 10;

/** What the footer calls them, in the order of Shift+Tab. */
const MODES: Readonly<Record<string, string>> = {
  default: '⏸ manual mode on',
  acceptEdits: '⏵⏵ accept edits on (shift+tab to cycle)',
  plan: '⏸ plan mode on (shift+tab to cycle)',
  auto: '⏵⏵ auto mode on (shift+tab to cycle)',
};

export function nextMode(mode: string): string {
  const all = Object.keys(MODES);
  return all[(all.indexOf(mode) + 1) % all.length] ?? mode;
}

/** A prompt as it stands above its answer. */
export function promptLines(prompt: string): readonly string[] {
  const lines = prompt.split('\n');
  const shown = lines.slice(0, PROMPT_LINES).map((line, index) => `${index === 0 ? '❯' : ' '} ${line}`);
  return lines.length <= PROMPT_LINES ? shown : [...shown, `  … +${lines.length - PROMPT_LINES} lines`];
}

/** `told`: called with each change. */
export function createView(screen: Screen, composer: Composer, mode: string, told: (shown: Shown) => void): View {
  let shown: Shown = { head: [], status: null, queued: [], dialog: null, hint: null, mode, tasks: 0 };

  function footer(): string {
    if (shown.hint !== null) return shown.hint;
    if (shown.tasks > 0 && shown.status === null) return `${shown.tasks} shell · ↓ to manage`;
    const left = shown.status === null ? '? for shortcuts' : 'esc to interrupt';
    const begin = `${MODES[shown.mode] ?? shown.mode} · ${composer.isEmpty() ? left : ''}`;
    return `${begin.padEnd(Math.max(0, screen.columns - 20))}● high · /effort`;
  }

  return {
    get shown() {
      return shown;
    },
    show(change) {
      shown = { ...shown, ...change };
      told(shown);
      const { head, status, queued, dialog } = shown;
      const text = composer.shown();
      const shell = text.startsWith('!');
      const placeholder = queued.length === 0 ? null : 'Press up to edit queued messages';
      screen.draw({
        head,
        status: dialog === null ? status : null,
        queued,
        box:
          dialog === null
            ? {
                kind: 'composer',
                text: shell ? text.slice(1) : text,
                placeholder,
                mode: shell ? 'shell' : status === null ? 'idle' : 'working',
              }
            : { kind: 'dialog', lines: dialog.lines() },
        footer: footer(),
      });
    },
    say: (...lines) => screen.print(lines),
  };
}
