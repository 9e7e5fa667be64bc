/** Any dialog of the CLI: what it says, and what it offers. */
export interface ShownDialog {
  /** All of it, without colours, as it stands there. */
  readonly text: string;
  /** Its first line. */
  readonly title: string;
  /** None where something is to be filled in, or just read. */
  readonly options: readonly ShownOption[];
  /** The fields of a form stand there, which is no list of options. */
  readonly isForm: boolean;
}

export interface ShownOption {
  readonly label: string;
  readonly isMarked: boolean;
  /** Of one in a list of which several may be chosen; null for others. */
  readonly isTicked: boolean | null;
}

const RULE = /^─{10,}/;
/** At its foot a dialog says which keys it takes. The view of a transcript does not speak of these. */
const FOOT = /\bEsc to \w+|Enter to (?:confirm|select|continue)|Space to select|Press Enter/;
const MARKED = /^(?<indent>\s*)❯ +(?=\S)/;
const NUMBER = /^\d+\. /;
const BOX = /^\[(?<tick>.)\] /;
const FORM = /^MCP server .+ requests your input/;

/** The dialog at the end of a screen, below its last rule; null when none stands there. */
export function readShownDialog(lines: readonly string[]): ShownDialog | null {
  const below = lines.slice(lines.findLastIndex((line) => RULE.test(line)) + 1);
  const foot = below.findLastIndex((line) => FOOT.test(line));
  if (foot < 0) return null;
  const body = below.slice(0, foot);
  const title = body.find((line) => line.trim() !== '')?.trim() ?? '';
  const isForm = FORM.test(title);
  const options = isForm ? [] : readOptions(body);
  return {
    text: below
      .map((line) => line.trimEnd())
      .join('\n')
      .trim(),
    title,
    options,
    isForm,
  };
}

function readOptions(body: readonly string[]): readonly ShownOption[] {
  // Below boxes stands the line that ends the choice, if there is one.
  const boxes = body.findIndex((line) => BOX.test(toLabel(line)));
  if (boxes >= 0) return body.slice(boxes).flatMap((line) => (line.trim() === '' ? [] : [toOption(line)]));
  const marked = body.findLastIndex((line) => MARKED.test(line));
  if (marked < 0) return [];
  const indent = /^\s*(?:❯ +)?/.exec(body[marked] ?? '')?.[0].length ?? 0;
  const isBeside = (line: string | undefined): boolean =>
    line !== undefined && (/^\s*(?:❯ +)?/.exec(line)?.[0].length ?? 0) === indent && line.trim() !== '';
  let first = marked;
  while (isBeside(body[first - 1])) first -= 1;
  return body.slice(first).flatMap((line) => (isBeside(line) ? [toOption(line)] : []));
}

function toOption(line: string): ShownOption {
  const label = toLabel(line);
  const tick = BOX.exec(label)?.groups?.['tick'];
  const isTicked = tick === undefined ? null : tick.trim() !== '';
  return { label: label.replace(BOX, '').trim(), isMarked: MARKED.test(line), isTicked };
}

function toLabel(line: string): string {
  return line.replace(MARKED, '').trim().replace(NUMBER, '');
}

/** Whether it is this one, whatever is marked and ticked in it. */
export function isSameDialog(one: ShownDialog, other: ShownDialog): boolean {
  return toKey(one) === toKey(other);
}

/** Its foot speaks of what is marked. */
function toKey({ title, options, text, isForm }: ShownDialog): string {
  if (isForm) return text.split('\n').slice(0, 3).join('\n');
  const until = options.length === 0 ? text.length : text.indexOf(options[0]?.label ?? '');
  const about = text.slice(0, until).replaceAll(/[❯\s]|\[.\]|\d+\. *$/g, '');
  return JSON.stringify([title, about, options.map(({ label }) => label)]);
}
