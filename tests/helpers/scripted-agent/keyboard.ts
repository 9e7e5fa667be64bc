import type { Composer } from './composer.ts';
import { panel } from './dialogs.ts';
import type { Input, KeyName } from './key-reader.ts';
import type { Prompts } from './prompts.ts';
import type { Script } from './script.ts';
import { nextMode, type View } from './view.ts';

export interface KeyboardParts {
  readonly composer: Composer;
  readonly prompts: Prompts;
  readonly script: Script;
  readonly view: View;
  readonly columns: () => number;
  /** `pasted`: it ends in a paste that stands as a label. `edited`: it comes from the external editor. */
  readonly enter: (text: string, by: { readonly pasted: boolean; readonly edited: boolean }) => void;
  /** The text that the external editor makes of this one; null when it makes none. */
  readonly edit: (text: string) => string | null;
  readonly quit: () => void;
  readonly suspend: () => void;
}

/** A second press within this time counts as double. */
const DOUBLE_MS = 1_000;

/** What the keys do. */
export function createKeyboard(parts: KeyboardParts): (input: Input) => void {
  const { composer, prompts, view } = parts;
  const swallowed = new Map<string, number>();
  let first: { readonly key: KeyName; readonly at: number } | null = null;

  function isSecond(key: KeyName): boolean {
    const second = first?.key === key && performance.now() - first.at < DOUBLE_MS;
    first = second ? null : { key, at: performance.now() };
    return second;
  }

  function enter(): void {
    const whole = composer.text();
    const pasted = composer.endsInPaste();
    const text = pasted ? whole : whole.trimEnd();
    if (text.trim() === '') return;
    if (!pasted && whole.endsWith('\\')) {
      composer.backspace();
      return composer.type('\n');
    }
    // A popup stands open: it takes the Enter.
    if (/(^|\s)@\S+$/.test(whole)) return composer.type(' ');
    if (isSwallowed(text)) return;
    const edited = composer.isEdited();
    composer.clear();
    parts.enter(text, { pasted, edited });
  }

  function isSwallowed(text: string): boolean {
    const before = swallowed.get(text) ?? 0;
    if (before >= (parts.script.find(text).deed.swallowEnter ?? 0)) return false;
    swallowed.set(text, before + 1);
    return true;
  }

  function escape(): void {
    if (prompts.interrupt()) return;
    const second = isSecond('escape');
    if (!composer.isEmpty()) {
      if (second) composer.clear();
      else view.show({ hint: 'Esc again to clear' });
      return;
    }
    if (second) view.show({ dialog: panel('Rewind', ['  ❯ (current)'], () => view.show({ dialog: null })) });
  }

  function interrupt(): void {
    if (prompts.interrupt()) return;
    if (isSecond('ctrl-c') && composer.isEmpty()) return parts.quit();
    composer.clear();
    view.show({ hint: 'Press Ctrl-C again to exit' });
  }

  function press(key: KeyName): void {
    switch (key) {
      case 'enter':
        return enter();
      case 'newline':
        return composer.type('\n');
      case 'escape':
        return escape();
      case 'ctrl-c':
        return interrupt();
      case 'ctrl-g':
        return composer.edit(parts.edit(composer.text()) ?? composer.text());
      case 'ctrl-u':
        return composer.clearLine(parts.columns() - 4);
      case 'backspace':
        return composer.backspace();
      case 'shift-tab':
        return view.show({ mode: nextMode(view.shown.mode) });
      case 'ctrl-z':
      case 'up':
      case 'down':
      case 'tab':
      case 'other':
        return;
    }
  }

  return (input) => {
    const { dialog } = view.shown;
    if (input.kind === 'key' && input.name === 'ctrl-z') return parts.suspend();
    if (dialog !== null) return dialog.take(input);
    view.show({ hint: null });
    if (input.kind === 'paste') composer.paste(input.text);
    if (input.kind === 'text') composer.type(input.text);
    if (input.kind === 'key') press(input.name);
    else first = null;
    view.show({});
  };
}
