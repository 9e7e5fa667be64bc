import type { Question } from './script.ts';
import type { Dialog } from './view.ts';

export type Choice = 'yes' | 'no';

/** The permission dialog: Enter takes what is marked, which is Yes at first. */
export function permissionDialog(question: Question, redraw: () => void, decide: (choice: Choice) => void): Dialog {
  const options = ['Yes', 'Yes, and always allow it in this project', 'No'];
  let marked = 0;
  const choose = (index: number): void => decide(index === 2 ? 'no' : 'yes');
  return {
    lines: () => [
      ` ${question.tool}`,
      '',
      `   ${JSON.stringify(question.input)}`,
      '',
      ' Do you want to proceed?',
      ...options.map((option, index) => ` ${index === marked ? '❯' : ' '} ${index + 1}. ${option}`),
      '',
      ' Esc to cancel · Tab to amend',
    ],
    take(input) {
      if (input.kind === 'paste') return;
      if (input.kind === 'text') {
        const digit = Number(input.text);
        if (digit >= 1 && digit <= options.length) choose(digit - 1);
        return;
      }
      if (input.name === 'enter') choose(marked);
      if (input.name === 'escape' || input.name === 'ctrl-c') decide('no');
      if (input.name === 'up') marked = Math.max(0, marked - 1);
      if (input.name === 'down') marked = Math.min(options.length - 1, marked + 1);
      redraw();
    },
  };
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
