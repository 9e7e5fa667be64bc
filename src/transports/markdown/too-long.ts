export interface Shortened<Piece> {
  readonly first: readonly Piece[];
  readonly file: { readonly name: string; readonly text: string };
}

/** An answer of more than `most` pieces: its first pieces, and the whole as a file. Null when it is short enough. */
export function tooLong<Piece>(markdown: string, pieces: readonly Piece[], most: number): Shortened<Piece> | null {
  if (pieces.length <= most) return null;
  return { first: pieces.slice(0, most), file: { name: 'answer.md', text: markdown } };
}
