import { writeBare, writeDiscord } from './discord/write.ts';
import { split } from './split/split.ts';
import { readMarkdown } from './styled/read.ts';
import type { Styled } from './styled/styled.ts';

/** Markdown as messages in Discord's dialect, none longer than `limit` UTF-16 units: what Discord does not know is text,
 *  and nothing becomes a format by accident.
 *  Mentions keep their text. Escaped, they are not shown as such; that nobody is called is for `allowed_mentions` with
 *  an empty `parse`, which every message that is made of this must bear. */
export function toDiscord(markdown: string, limit = 2000): readonly string[] {
  return toDiscordPieces(readMarkdown(markdown), limit);
}

export function toDiscordPieces(styled: Styled, limit: number): readonly string[] {
  return split(styled, limit, (slice, bare) => {
    const piece = bare ? writeBare(styled, slice) : writeDiscord(styled, slice);
    return { piece, fullness: piece.length / limit };
  });
}
