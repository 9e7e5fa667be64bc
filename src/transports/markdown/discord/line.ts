import { type Atom, countSame, type Format, type Segment, toAtoms } from './atoms.ts';
import { escapeLineStart, escapeText } from './escape.ts';

const HEADINGS_MAX = 3;

/** One line of a message, each format closed within it. */
export function writeLine(segments: readonly Segment[]): string {
  const level = segments[0]?.style.heading?.level;
  const isHeading = level !== undefined && level <= HEADINGS_MAX && !/^\s/.test(segments[0]?.text ?? '');
  const heavy = !isHeading && segments.some(({ style }) => style.heading !== undefined);
  const atoms = toAtoms(heavy ? segments.map(toBold) : segments, writeAtoms);
  const marker = atoms.findIndex(({ kind }) => kind === 'marker');
  const body = atoms.slice(marker + 1);
  const signs = atoms.slice(0, marker + 1);
  const before = signs
    .map((atom) => (atom.kind === 'text' ? escapeLineStart(escapeText(atom.text)) : atom.text))
    .join('');
  const text = escapeStart(writeAtoms(body), body);
  if (text.trim() === '') return before + text;
  if (isHeading) return `${'#'.repeat(level)} ${before}${text.replaceAll(/(?<!\\)#/g, '\\#')}`;
  return before.replace('•', '-') + text;
}

function toBold({ text, style }: Segment): Segment {
  return { text, style: { ...style, bold: true } };
}

/** Only text may begin a line by accident. */
function escapeStart(written: string, [first, second]: readonly Atom[]): string {
  const isText = first?.kind === 'text' && first.formats.length === 0;
  if (!isText || (first.text.trim() === '' && second?.kind !== 'text')) return written;
  return escapeLineStart(written);
}

function writeAtoms(atoms: readonly Atom[]): string {
  let out = '';
  let open: readonly Format[] = [];
  for (const [at, atom] of atoms.entries()) {
    const formats = atom.kind === 'text' ? atom.formats : [];
    const kept = countSame(open, formats);
    out += close(open.slice(kept));
    const sign = formats.includes('italic') ? findItalic(out, atoms, at, open) : '';
    for (const format of formats.slice(kept)) out += format === 'italic' ? sign : SIGNS[format];
    out += atom.kind === 'text' ? escapeText(atom.text) : atom.text;
    // Alike neighbours were joined: italics end with their atom.
    out += sign;
    open = formats.filter((format) => format !== 'italic');
  }
  return out + close(open);
}

const SIGNS = { strike: '~~', bold: '**', italic: '' } as const;

function close(formats: readonly Format[]): string {
  return formats
    .toReversed()
    .map((format) => SIGNS[format])
    .join('');
}

/** `_` between letters shows itself, and so does `*` beside another `*`. Where neither can stand, the text is upright. */
function findItalic(out: string, atoms: readonly Atom[], at: number, open: readonly Format[]): '_' | '*' | '' {
  const own = atoms[at]?.kind === 'text' ? atoms[at].formats : [];
  const isOpening = own.some((format) => format !== 'italic' && !open.includes(format));
  const before = isOpening ? '*' : out.slice(-1);
  const after = findNext(atoms, at, own);
  const strikeEnds = open.includes('strike') && !own.includes('strike');
  if (!strikeEnds && !/\w/.test(before) && !/\w/.test(after)) return '_';
  return before === '*' || after === '*' ? '' : '*';
}

/** The first sign behind an atom. */
function findNext(atoms: readonly Atom[], at: number, own: readonly Format[]): string {
  const next = atoms[at + 1];
  const formats = next?.kind === 'text' ? next.formats : [];
  const changes = (format: Format): boolean => own.includes(format) !== formats.includes(format);
  if (changes('bold') || changes('strike')) return changes('bold') ? '*' : '~';
  return next === undefined ? ' ' : next.text.charAt(0);
}
