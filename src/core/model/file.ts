/** Bytes of a name, with its ending. */
const NAME_MAX = 100;
const ENDING_MAX = 20;

/** What an agent writes to have a file sent with its answer: `attach: <path>`, alone on a line. */
const ATTACH = /^[ \t]*attach:[ \t]+(.+?)[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const QUOTED = /^(["'`])(.+)\1$/;
export const ATTACHED_MAX = 10;

/** An answer, and what is to be sent with it. */
export interface SplitAnswer {
  /** Without the lines that name files. */
  readonly text: string;
  /** As the agent wrote them, each once. */
  readonly paths: readonly string[];
  /** So many more than are sent with one answer. */
  readonly tooMany: number;
}

/** The rule of `attach:`. In a block of code it is an example, and means nothing. */
export function splitAnswer(answer: string): SplitAnswer {
  if (!answer.includes('attach:')) return { text: answer, paths: [], tooMany: 0 };
  const paths = new Set<string>();
  let fence: string | null = null;
  const kept = answer.split('\n').filter((line) => {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence === null) fence = mark;
    else if (mark !== null && mark.startsWith(fence)) fence = null;
    const given = fence === null && mark === null ? ATTACH.exec(line.replace(/\r$/, ''))?.[1] : undefined;
    if (given === undefined) return true;
    paths.add(QUOTED.exec(given)?.[2] ?? given);
    return false;
  });
  if (paths.size === 0) return { text: answer, paths: [], tooMany: 0 };
  const text = kept.join('\n').trim();
  return { text, paths: [...paths].slice(0, ATTACHED_MAX), tooMany: Math.max(0, paths.size - ATTACHED_MAX) };
}

/** A name that is safe in every folder, shell and header, as near to the given one as can be: letters, digits and `._-`,
 *  no dot or dash in front, no part of a path. */
export function toFileName(given: string): string {
  const last = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_').replace(/^[._-]+|[._-]+$/g, '');
  const [stem, ending] = splitName(name);
  return `${cutBytes(stem, NAME_MAX - byteLength(ending))}${ending}` || 'file';
}

/** The same with a number: `report.pdf`, `report-2.pdf`, … */
export function toNumberedName(name: string, number: number): string {
  if (number === 1) return name;
  const [stem, ending] = splitName(name);
  return `${stem}-${number}${ending}`;
}

function splitName(name: string): readonly [stem: string, ending: string] {
  const at = name.lastIndexOf('.');
  const ending = at > 0 ? name.slice(at) : '';
  return byteLength(ending) > ENDING_MAX ? [name, ''] : [name.slice(0, name.length - ending.length), ending];
}

/** No character is cut in half. */
function cutBytes(text: string, max: number): string {
  let cut = '';
  let bytes = 0;
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > max) break;
    cut += character;
  }
  return cut;
}

/** In UTF-8. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
  }
  return bytes;
}

/** For people. */
export function sayBytes(bytes: number): string {
  const mega = bytes / 1_048_576;
  return mega >= 1 ? `${Math.round(mega * 10) / 10} MB` : `${Math.ceil(bytes / 1024)} kB`;
}
