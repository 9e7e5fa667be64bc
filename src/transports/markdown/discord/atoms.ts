import type { Run, Style } from '../styled/styled.ts';
import { escapeText, escapeUrl } from './escape.ts';

/** In the order of nesting, from the outside. */
export const FORMATS = ['strike', 'bold', 'italic'] as const;
export type Format = (typeof FORMATS)[number];

/** A stretch of a line that is written in one way. `raw` is ready to be sent and bears no format: Discord looks for
 *  the end of a format in code and addresses too. */
export type Atom =
  | { readonly kind: 'text'; readonly text: string; readonly formats: readonly Format[] }
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'marker'; readonly text: string };

export interface Segment {
  readonly text: string;
  readonly style: Style;
}

export function toSegments(text: string, runs: readonly Run[]): readonly Segment[] {
  return runs.map(({ start, end, style }) => ({ text: text.slice(start, end), style }));
}

/** `writeLabel` writes the text of a link, whose formats stand within its brackets. */
export function toAtoms(segments: readonly Segment[], writeLabel: (atoms: readonly Atom[]) => string): readonly Atom[] {
  const atoms: Atom[] = [];
  for (let at = 0; at < segments.length;) {
    const { text, style } = segments[at] ?? { text: '', style: {} };
    let next = at + 1;
    while (isOne(style, segments[next]?.style)) next += 1;
    const parts = segments.slice(at, next);
    if (style.link !== undefined) atoms.push(...toLink(parts, writeLabel));
    else if (style.marker !== undefined) atoms.push({ kind: 'marker', text });
    else if (style.code === true) atoms.push(toCode(parts.map((part) => part.text).join('')));
    else atoms.push(...toText(text, style));
    at = next;
  }
  return joinAlike(spreadOverSpace(atoms));
}

/** Parts of one link; and code beside code, whose backticks would meet. */
function isOne(style: Style, next: Style | undefined): boolean {
  if (next === undefined || style.link !== next.link) return false;
  return style.link !== undefined || (style.code === true && next.code === true);
}

function toLink(segments: readonly Segment[], writeLabel: (atoms: readonly Atom[]) => string): readonly Atom[] {
  const whole = segments.map(({ text }) => text).join('');
  const link = segments[0]?.style.link;
  const { start, end } = trimSpace(whole);
  if (link === undefined || start >= end) return toText(whole, {});
  if (link.bare) {
    // A part of an address leads elsewhere.
    if (whole !== link.url || /[*~|`\\\s<>]/.test(whole)) return toText(whole, {});
    return [{ kind: 'raw', text: `<${whole}>` }];
  }
  const atoms = joinAlike(spreadOverSpace(segments.flatMap(({ text, style }) => toText(text, style))));
  const label = writeLabel(atoms).trim();
  const space = (text: string): readonly Atom[] => (text === '' ? [] : [{ kind: 'text', text, formats: [] }]);
  const raw: Atom = { kind: 'raw', text: `[${label}](${escapeUrl(link.url)})` };
  return [...space(whole.slice(0, start)), raw, ...space(whole.slice(end))];
}

/** Code with two backticks in a row cannot be written as code. */
function toCode(text: string): Atom {
  if (text.trim() === '' || text.includes('``')) return { kind: 'raw', text: escapeText(text) };
  if (!text.includes('`')) return { kind: 'raw', text: `\`${text}\`` };
  return { kind: 'raw', text: `\`\`${text.startsWith('`') ? ' ' : ''}${text}${text.endsWith('`') ? ' ' : ''}\`\`` };
}

/** White space at the ends is not formatted: Discord would show the signs. */
function toText(text: string, style: Style): readonly Atom[] {
  const formats = FORMATS.filter((format) => style[format] === true && !(format === 'strike' && text.includes('~')));
  const { start, end } = trimSpace(text);
  const parts: readonly Atom[] = [
    { kind: 'text', text: text.slice(0, start), formats: [] },
    { kind: 'text', text: text.slice(start, end), formats },
    { kind: 'text', text: text.slice(end), formats: [] },
  ];
  return parts.filter((part) => part.text !== '');
}

/** How many formats need not be closed between two stretches. */
export function countSame(one: readonly Format[], other: readonly Format[]): number {
  const differs = FORMATS.findIndex((format) => one.includes(format) !== other.includes(format));
  return differs === -1 ? one.length : FORMATS.slice(0, differs).filter((format) => one.includes(format)).length;
}

/** White space between two that are bold is bold. */
function spreadOverSpace(atoms: readonly Atom[]): readonly Atom[] {
  return atoms.map((atom, at) => {
    const [before, after] = [atoms[at - 1], atoms[at + 1]];
    if (atom.kind !== 'text' || atom.text.trim() !== '') return atom;
    if (before?.kind !== 'text' || after?.kind !== 'text') return atom;
    return { ...atom, formats: before.formats.slice(0, countSame(before.formats, after.formats)) };
  });
}

function joinAlike(atoms: readonly Atom[]): readonly Atom[] {
  const joined: Atom[] = [];
  for (const atom of atoms) {
    const last = joined.at(-1);
    const alike = last?.kind === 'text' && atom.kind === 'text' && String(last.formats) === String(atom.formats);
    if (alike) joined[joined.length - 1] = { ...last, text: last.text + atom.text };
    else joined.push(atom);
  }
  return joined;
}

function trimSpace(text: string): { readonly start: number; readonly end: number } {
  const start = text.length - text.trimStart().length;
  return { start, end: Math.max(start, text.trimEnd().length) };
}
