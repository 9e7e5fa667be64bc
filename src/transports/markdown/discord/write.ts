import type { Slice } from '../split/visible.ts';
import { listRuns, type Pre, type Run, type Style, type Styled } from '../styled/styled.ts';
import { type Segment, toSegments } from './atoms.ts';
import { escapeLineStart, escapeText } from './escape.ts';
import { writeLine } from './line.ts';

const FENCE = '```';
const LANGUAGE = /^[a-z0-9_+\-.#]+$/i;

interface Line {
  readonly segments: readonly Segment[];
  /** Of its first character, be it its end. */
  readonly style: Style;
}

/** A slice as a message of its own: fences and formats begin and end in it. */
export function writeDiscord(styled: Styled, { start, end }: Slice): string {
  const runs = listRuns(styled, start, end);
  if (runs.every(({ style }) => Object.keys(style).length === 0)) return writeBare(styled, { start, end });
  const lines = toLines(styled.text, runs);
  const written: string[] = [];
  for (let at = 0; at < lines.length;) {
    const { segments, style } = lines[at] ?? { segments: [], style: {} };
    let next = at + 1;
    if (style.pre !== undefined) while (lines[next]?.style.pre === style.pre) next += 1;
    const block = style.pre === undefined ? [writeLine(segments)] : writePre(lines.slice(at, next), style.pre);
    written.push(...block.map((line) => (style.quote === undefined ? line : `> ${line}`)));
    at = next;
  }
  return written.join('\n');
}

/** A slice without any format. */
export function writeBare({ text }: Styled, { start, end }: Slice): string {
  return escapeLineStart(escapeText(text.slice(start, end)));
}

function toLines(text: string, runs: readonly Run[]): readonly Line[] {
  const lines: Line[] = [];
  let segments: Segment[] = [];
  for (const segment of toSegments(text, runs)) {
    const [first = '', ...others] = segment.text.split('\n');
    if (first !== '') segments.push({ ...segment, text: first });
    for (const part of others) {
      lines.push({ segments, style: segments[0]?.style ?? segment.style });
      segments = part === '' ? [] : [{ ...segment, text: part }];
    }
  }
  return [...lines, { segments, style: segments[0]?.style ?? {} }];
}

/** Code that has a fence in it cannot stand within one. */
function writePre(lines: readonly Line[], { language }: Pre): readonly string[] {
  const code = lines.map(({ segments }) => segments.map(({ text }) => text).join(''));
  const isFenced = code.every((line) => !line.includes(FENCE)) && code.some((line) => line.trim() !== '');
  if (!isFenced) return code.map((line) => escapeLineStart(escapeText(line)));
  return [FENCE + (language !== null && LANGUAGE.test(language) ? language : ''), ...code, FENCE];
}
