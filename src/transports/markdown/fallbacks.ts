import { split } from './split/split.ts';
import { readMarkdown } from './styled/read.ts';

/** Markdown as messages without any format, addresses written out: for a network that refuses the others. */
export function plain(markdown: string, limit = 4096): readonly string[] {
  const styled = readMarkdown(markdown, false);
  return split(styled, limit, ({ start, end }) => ({
    piece: styled.text.slice(start, end),
    fullness: (end - start) / limit,
  }));
}

export interface Shortened<Piece> {
  readonly first: readonly Piece[];
  readonly file: { readonly name: string; readonly text: string };
}

/** An answer of more than `most` pieces: its first pieces, and the whole as a file. Null when it is short enough. */
export function tooLong<Piece>(markdown: string, pieces: readonly Piece[], most: number): Shortened<Piece> | null {
  if (pieces.length <= most) return null;
  return { first: pieces.slice(0, most), file: { name: 'answer.md', text: markdown } };
}
