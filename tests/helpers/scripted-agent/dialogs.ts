import type { Dialog } from './view.ts';

/** What was chosen; null: refused by Escape. */
export type Choice = number | null;

/** A menu as the CLI draws them: a digit chooses, Enter takes what is marked (the first one, to begin with). */
function menu(
  frame: (options: readonly string[]) => readonly string[],
  options: readonly string[],
  redraw: () => void,
  choose: (choice: Choice) => void,
): Dialog {
  let marked = 0;
  const line = (option: string, index: number): string => `${index === marked ? '❯' : ' '} ${index + 1}. ${option}`;
  return {
    lines: () => frame(options.map(line)),
    take(input) {
      if (input.kind === 'paste') return;
      if (input.kind === 'text') {
        const digit = Number(input.text);
        if (digit >= 1 && digit <= options.length) choose(digit - 1);
        return;
      }
      if (input.name === 'enter') return choose(marked);
      if (input.name === 'escape' || input.name === 'ctrl-c') return choose(null);
      if (input.name === 'up') marked = Math.max(0, marked - 1);
      if (input.name === 'down') marked = Math.min(options.length - 1, marked + 1);
      redraw();
    },
  };
}

export function permissionDialog(
  tool: string,
  input: Readonly<Record<string, unknown>>,
  redraw: () => void,
  allow: (allowed: boolean) => void,
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
    ['Yes', 'Yes, and always allow it in this project', 'No'],
    redraw,
    (choice) => allow(choice === 0 || choice === 1),
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
    options.map(({ label }) => label),
    redraw,
    (choice) => answer(choice === null ? null : (options[choice]?.label ?? null)),
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
