import { type Entity, listEntities } from './entities.ts';
import { split } from './split/split.ts';
import { readMarkdown } from './styled/read.ts';
import type { Styled } from './styled/styled.ts';

export interface TelegramPiece {
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** The Bot API drops what is more. */
const ENTITIES_MAX = 100;

/** Markdown as messages of plain text with entities, none longer than `limit` UTF-16 units.
 *  A piece's `text` alone is what to send when entities are refused, but for addresses behind texts: see `plain`. */
export function toTelegram(markdown: string, limit = 4096): readonly TelegramPiece[] {
  return toTelegramPieces(readMarkdown(markdown, true), limit);
}

export function toTelegramPieces(styled: Styled, limit: number): readonly TelegramPiece[] {
  return split(styled, limit, ({ start, end }, bare) => {
    const entities = bare ? [] : listEntities(styled, { start, end });
    const fullness = Math.max((end - start) / limit, entities.length / ENTITIES_MAX);
    return { piece: { text: styled.text.slice(start, end), entities }, fullness };
  });
}
