import type { Dialog } from './view.ts';

/** What was chosen, and the words that were written with it; null: refused by Escape. */
export type Choice = { readonly option: number; readonly words: string } | null;

interface Option {
  readonly label: string;
  /** Takes words of one's own: at once, or behind Tab, when this is what it then says. */
  readonly words?: 'at once' | { readonly behindTab: string };
}

/** A menu as the CLI draws them: a digit chooses, Enter takes what is marked (the first one, to begin with). */
function menu(
  frame: (options: readonly string[]) => readonly string[],
  options: readonly Option[],
  redraw: () => void,
  choose: (choice: Choice) => void,
): Dialog {
  let marked = 0;
  let isOpen = false;
  let words = '';
  const labelOf = ({ label, words: own }: Option, index: number): string => {
    if (index !== marked || own === undefined) return label;
    if (own === 'at once') return words === '' ? label : words;
    if (!isOpen) return label;
    return words === '' ? own.behindTab : `${label}, ${words}`;
  };
  const line = (option: Option, index: number): string =>
    `${index === marked ? '❯' : ' '} ${index + 1}. ${labelOf(option, index)}`;
  const mayWrite = (): boolean => options[marked]?.words === 'at once' || isOpen;
  const move = (by: number): void => {
    marked = Math.min(Math.max(0, marked + by), options.length - 1);
    isOpen = false;
  };
  return {
    lines: () => frame(options.map(line)),
    take(input) {
      if (input.kind === 'paste') {
        if (mayWrite()) words += input.text;
        return redraw();
      }
      if (input.kind === 'text') {
        const digit = Number(input.text);
        if (digit >= 1 && digit <= options.length) choose({ option: digit - 1, words: '' });
        return;
      }
      if (input.name === 'enter') return choose({ option: marked, words });
      if (input.name === 'escape' || input.name === 'ctrl-c') return choose(null);
      if (input.name === 'up') move(-1);
      if (input.name === 'down') move(1);
      if (input.name === 'tab') isOpen = typeof options[marked]?.words === 'object';
      redraw();
    },
  };
}

/** What a person made of a permission dialog. `refused`: a bare No, which ends the turn. */
export type Permission =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'denied'; readonly words: string };

export function permissionDialog(
  tool: string,
  input: Readonly<Record<string, unknown>>,
  redraw: () => void,
  tell: (permission: Permission) => void,
): Dialog {
  const about = Object.values(input).map((value) => `   ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return menu(
    (options) => [
      ` ${tool}`,
      '',
      ...about,
      '',
      ' Do you want to proceed?',
      ...options.map((option) => ` ${option}`),
      '',
      ' Esc to cancel · Tab to amend',
    ],
    [
      { label: 'Yes' },
      { label: 'Yes, and always allow it in this project' },
      { label: 'Yes, and switch to auto mode · auto mode handles these prompts for you' },
      { label: 'No', words: { behindTab: 'No, and tell Claude what to do differently' } },
    ],
    redraw,
    (choice) => {
      if (choice === null || (choice.option === 3 && choice.words === '')) return tell({ kind: 'refused' });
      tell(choice.option === 3 ? { kind: 'denied', words: choice.words } : { kind: 'allowed' });
    },
  );
}

/** What `AskUserQuestion` asks, as far as it is shown. */
export interface Question {
  readonly question: string;
  readonly header: string;
  readonly options: readonly { readonly label: string }[];
}

export function questionDialog(
  { question, header, options }: Question,
  redraw: () => void,
  answer: (label: string | null) => void,
): Dialog {
  return menu(
    (lines) => [` ☐ ${header}`, '', question, '', ...lines, '', 'Enter to select · ↑/↓ to navigate · Esc to cancel'],
    [...options, { label: 'Type something.', words: 'at once' }],
    redraw,
    (choice) => answer(choice === null ? null : choice.words || (options[choice.option]?.label ?? null)),
  );
}

/** Rewind and help: Escape or Enter closes them. */
export function panel(title: string, lines: readonly string[], close: () => void): Dialog {
  return {
    lines: () => [`  ${title}`, '', ...lines, '', '  Enter to continue · Esc to cancel'],
    take(input) {
      if (input.kind === 'key' && ['enter', 'escape', 'ctrl-c'].includes(input.name)) close();
    },
  };
}
