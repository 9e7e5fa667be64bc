import { randomBytes } from 'node:crypto';

/** A paste of more line breaks or characters than these stands as `[Pasted text #1 +N lines]`. */
const SHOWN_BREAKS = 2;
const SHOWN_CHARACTERS = 800;

type Part =
  | { readonly kind: 'typed'; readonly text: string }
  /** By the external editor: it switches no mode. */
  | { readonly kind: 'edited'; readonly text: string }
  | { readonly kind: 'pasted'; readonly text: string; readonly label: string };

/** The input box: text grows and shrinks at its end only. */
export interface Composer {
  type(text: string): void;
  paste(text: string): void;
  /** Another text in place of all that stands there. */
  edit(text: string): void;
  backspace(): void;
  /** Ctrl-U: to the beginning of the last line as it is shown. */
  clearLine(width: number): void;
  clear(): void;
  isEmpty(): boolean;
  /** Whole, as it would be submitted. */
  text(): string;
  /** True when nothing was typed or pasted since it was edited. */
  isEdited(): boolean;
  /** True when the end stands behind a label, and is kept as it is. */
  endsInPaste(): boolean;
  /** As it is shown, with labels for long pastes. */
  shown(): string;
}

export function createComposer(): Composer {
  let parts: readonly Part[] = [];
  let pastes = 0;

  function type(text: string): void {
    const last = parts.at(-1);
    if (text === '') return;
    if (last?.kind === 'typed') parts = [...parts.slice(0, -1), { kind: 'typed', text: last.text + text }];
    else parts = [...parts, { kind: 'typed', text }];
  }

  function cutLast(count: number): void {
    const last = parts.at(-1);
    parts = parts.slice(0, -1);
    if (last !== undefined && last.kind !== 'pasted') type(last.text.slice(0, Math.max(0, last.text.length - count)));
  }

  return {
    type,
    paste(raw) {
      const text = raw.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').normalize('NFC');
      const breaks = text.split('\n').length - 1;
      if (breaks <= SHOWN_BREAKS && text.length <= SHOWN_CHARACTERS) return type(text);
      pastes += 1;
      const label = breaks === 0 ? `[Pasted text #${pastes}]` : `[Pasted text #${pastes} +${breaks} lines]`;
      parts = [...parts, { kind: 'pasted', text, label }];
    },
    edit(text) {
      parts = text === '' ? [] : [{ kind: 'edited', text }];
    },
    isEdited: () => parts.length === 1 && parts[0]?.kind === 'edited',
    backspace: () => cutLast(1),
    clearLine(width) {
      const last = parts.at(-1);
      const line = last?.text.split('\n').at(-1) ?? '';
      cutLast(line.length === 0 ? 1 : line.length % width || width);
    },
    clear() {
      parts = [];
    },
    isEmpty: () => parts.length === 0,
    text: () => parts.map((part) => (part.kind === 'pasted' ? inTags(part.text) : part.text)).join(''),
    endsInPaste: () => parts.at(-1)?.kind === 'pasted',
    shown: () => parts.map((part) => (part.kind === 'pasted' ? part.label : part.text)).join(''),
  };
}

/** So the model sees a long paste. */
function inTags(text: string): string {
  const tag = `pasted_content id="${randomBytes(2).toString('hex')}"`;
  return `\n\n<${tag}>\n${text}\n</${tag}>\n`;
}
