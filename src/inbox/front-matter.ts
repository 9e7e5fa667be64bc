import { GatewayError } from '../core/model/errors.ts';

export interface FrontMatter {
  readonly fields: Readonly<Record<string, string>>;
  /** What follows it, without the blank lines in between. */
  readonly body: string;
}

const FENCE = /^---[ \t]*$/;
const BLANK_LINES = /^(?:[ \t]*\r?\n)+/;
const FIELD = /^([A-Za-z][A-Za-z0-9_]*): +(\S.*)$/;
/** Of a line, in characters. */
const LINE_MAX = 4_000;
/** Where YAML would read something else than what stands there, a value is refused: a quote, a list, a comment. */
const PLAIN = /^[A-Za-z0-9](?:(?!: | #|:$)\P{Cc})*$/u;

/** Lines `key: value` between two lines `---` at the begin of a text, with blank lines before it at most; a text that
 *  does not begin so has none.
 *  @throws GatewayError `invalid_field` for everything else that YAML knows. */
export function parseFrontMatter(text: string): FrontMatter {
  const first = readLine(text, BLANK_LINES.exec(text)?.[0].length ?? 0);
  if (!FENCE.test(first.line)) return { fields: {}, body: text };
  const fields = new Map<string, string>();
  for (let at = first.next; at < text.length;) {
    const { line, next } = readLine(text, at);
    if (FENCE.test(line))
      return { fields: Object.fromEntries(fields), body: text.slice(next).replace(BLANK_LINES, '') };
    if (line.trim() !== '') addField(fields, line);
    at = next;
  }
  throw refuse('it has no second line --- that ends it');
}

/** The line that begins at `at`, and where the next one does. */
function readLine(text: string, at: number): { readonly line: string; readonly next: number } {
  const end = text.indexOf('\n', at);
  const line = text.slice(at, end === -1 ? text.length : end);
  return { line: line.replace(/\r$/, ''), next: end === -1 ? text.length : end + 1 };
}

function addField(fields: Map<string, string>, line: string): void {
  if (line.length > LINE_MAX) throw refuse(`a line has more than ${LINE_MAX} characters`);
  const [, key, value] = FIELD.exec(line.replace(/[ \t]+$/, '')) ?? [];
  if (key === undefined || value === undefined) throw refuse(`${quote(line)} is no line of the form "key: value"`);
  if (!PLAIN.test(value)) {
    throw refuse(
      `write the value of ${key} plainly: no quotes, lists, comments or ": ", and a letter or digit first`,
      key,
    );
  }
  if (fields.has(key)) throw refuse(`${key} stands there twice`, key);
  fields.set(key, value);
}

/** Of a line that may be anything. */
const SHOWN_MAX = 60;

function quote(line: string): string {
  return JSON.stringify(line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX)}…` : line);
}

function refuse(why: string, field = 'front matter'): GatewayError {
  return new GatewayError('invalid_field', `The front matter is wrong: ${why}`, { field });
}
