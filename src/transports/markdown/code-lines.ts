import { findFencedLines } from './styled/bounds.ts';
import { parse, type Tree } from './styled/parse.ts';

/** Which lines, counted from 0, are code: as people see it in the parsed tree, and by their fences in what is too long
 *  for that. */
export function findCodeLines(markdown: string): ReadonlySet<number> {
  const { tree, rest } = parse(markdown);
  const found = new Set<number>();
  const pending: (Tree | Tree['children'][number])[] = tree === null ? [] : [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if ('children' in node) pending.push(...node.children);
    if ((node.type !== 'code' && node.type !== 'inlineCode') || node.position === undefined) continue;
    const { start, end } = node.position;
    // Inline code makes no line code on which it begins.
    for (let line = node.type === 'code' ? start.line : start.line + 1; line <= end.line; line += 1)
      found.add(line - 1);
  }
  const first = countLines(markdown) - countLines(rest);
  for (const line of findFencedLines(rest).lines) found.add(first + line);
  return found;
}

const countLines = (text: string): number => text.split(/\r\n?|\n/).length;
