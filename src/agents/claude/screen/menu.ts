/** A dialog of the CLI in which one of some numbered options is marked. */
export interface Menu {
  /** All of it, without colours. */
  readonly text: string;
  readonly options: readonly MenuOption[];
}

export interface MenuOption {
  readonly label: string;
  readonly isMarked: boolean;
}

const RULE = /^─{10,}/;
/** Behind the mark a label that wraps begins without a space. */
const OPTION = /^\s*(?:(?<mark>❯)\s*(?<marked>\d+)\. ?|(?<number>\d+)\. )(?<label>.*)$/;
/** The head of a question, whose text may hold anything. */
const QUESTION_HEAD = /^\s*(←\s+)?[☐☒] /;

/** The menu at the end of a screen; null when none stands there. It begins below a rule, when that is still in sight:
 *  a question has another one above its last option. */
export function readMenu(lines: readonly string[]): Menu | null {
  const marked = lines.findLastIndex((line) => OPTION.exec(line)?.groups?.['mark'] !== undefined);
  const below = lines.slice(lines.findLastIndex((line) => RULE.test(line)) + 1);
  if (marked < 0 || !below.some((line) => OPTION.test(line))) return null;
  const numberAt = (index: number): number => numberOf(lines[index] ?? '');
  let first = marked;
  for (let wanted = numberAt(marked) - 1, index = marked - 1; wanted > 0 && index >= 0; index -= 1) {
    if (numberAt(index) !== wanted) continue;
    first = index;
    wanted -= 1;
  }
  const head = lines.slice(0, first).findLastIndex((line) => QUESTION_HEAD.test(line));
  const top = head >= 0 ? head - 1 : lines.slice(0, first).findLastIndex((line) => RULE.test(line));
  const options: MenuOption[] = [];
  for (const line of lines.slice(first)) {
    const found = OPTION.exec(line)?.groups;
    if (numberOf(line) !== options.length + 1) continue;
    options.push({ label: found?.['label']?.trim() ?? '', isMarked: found?.['mark'] !== undefined });
  }
  return { text: lines.slice(top + 1).join('\n'), options };
}

function numberOf(line: string): number {
  const found = OPTION.exec(line)?.groups;
  return Number(found?.['marked'] ?? found?.['number'] ?? Number.NaN);
}

/** Below its last rule a question goes on with an option, and never a composer. */
export function isQuestionFoot(lines: readonly string[]): boolean {
  return lines.some((line) => OPTION.test(line)) && lines.some((line) => line.startsWith('Enter to select ·'));
}

/** How surely a dialog is about this. 2: it stands there by itself, as a line, behind a name, in brackets or in quotes. 1: it is contained.
 *  Lines break at the width of the pane, and what does not fit scrolls away above. */
export function matchOf(menu: Menu, subjects: readonly string[]): 0 | 1 | 2 {
  const lines = menu.text.split('\n').map((line) => line.trim());
  const shown = squeeze(menu.text);
  const standsAlone = (subject: string): boolean =>
    lines.some(
      (line) =>
        line === subject.trim() ||
        line.endsWith(`: ${subject}`) ||
        line.includes(`(${subject})`) ||
        line.includes(`"${subject}"`),
    );
  const isContained = (subject: string): boolean => {
    const text = squeeze(subject);
    if (text.length < LONG) return false;
    return shown.includes(text) || shown.includes(text.slice(0, SURE)) || shown.includes(text.slice(-SURE));
  };
  const real = subjects.filter((subject) => subject.trim() !== '');
  if (real.some(standsAlone)) return 2;
  return real.some(isContained) ? 1 : 0;
}

export function isAbout(menu: Menu, subjects: readonly string[]): boolean {
  return matchOf(menu, subjects) > 0;
}

const LONG = 12;
/** So many characters of a long text prove that it is this one. */
const SURE = 300;

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
