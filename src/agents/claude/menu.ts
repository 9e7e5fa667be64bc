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
const OPTION = /^\s*(?<mark>❯)?\s*(?<number>\d+)\. (?<label>.*)$/;

/** The menu at the end of a screen; null when none stands there. It begins below a rule, when that is still in sight:
 *  a question has another one above its last option. */
export function readMenu(lines: readonly string[]): Menu | null {
  const marked = lines.findLastIndex((line) => OPTION.exec(line)?.groups?.['mark'] !== undefined);
  const below = lines.slice(lines.findLastIndex((line) => RULE.test(line)) + 1);
  if (marked < 0 || !below.some((line) => OPTION.test(line))) return null;
  const numberAt = (index: number): number => Number(OPTION.exec(lines[index] ?? '')?.groups?.['number'] ?? Number.NaN);
  let first = marked;
  for (let wanted = numberAt(marked) - 1, index = marked - 1; wanted > 0 && index >= 0; index -= 1) {
    if (numberAt(index) !== wanted) continue;
    first = index;
    wanted -= 1;
  }
  const top = lines.slice(0, first).findLastIndex((line) => RULE.test(line));
  const options: MenuOption[] = [];
  for (const line of lines.slice(first)) {
    const found = OPTION.exec(line)?.groups;
    if (Number(found?.['number']) !== options.length + 1) continue;
    options.push({ label: found?.['label']?.trim() ?? '', isMarked: found?.['mark'] !== undefined });
  }
  return { text: lines.slice(top + 1).join('\n'), options };
}

/** Lines break at the width of the pane, and what does not fit scrolls away above. A short text must stand alone. */
export function isAbout(menu: Menu, subjects: readonly string[]): boolean {
  const lines = menu.text.split('\n').map((line) => line.trim());
  const shown = squeeze(menu.text);
  return subjects.some((subject) => {
    const text = squeeze(subject);
    if (text.length < LONG) return lines.some((line) => line === subject.trim() || line.includes(`(${subject})`));
    return shown.includes(text) || shown.includes(text.slice(0, SURE)) || shown.includes(text.slice(-SURE));
  });
}

const LONG = 12;
/** So many characters of a long text prove that it is this one. */
const SURE = 300;

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
