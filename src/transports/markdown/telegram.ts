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
 *  `toPlainText` is what to send when entities are refused. */
export function toTelegram(markdown: string, limit = 4096): readonly TelegramPiece[] {
  return toTelegramPieces(readMarkdown(markdown), limit);
}

export function toTelegramPieces(styled: Styled, limit: number): readonly TelegramPiece[] {
  return split(styled, limit, ({ start, end }, bare) => {
    const entities = bare ? [] : listEntities(styled, { start, end });
    const fullness = Math.max((end - start) / limit, entities.length / ENTITIES_MAX);
    return { piece: { text: styled.text.slice(start, end), entities }, fullness };
  });
}

/** The words of a piece alone, for where its formats are refused. The address of a link stands behind its text, as long
 *  as there is room for it. */
export function toPlainText({ text, entities }: TelegramPiece, max: number): string {
  let room = max - text.length;
  const additions: { readonly at: number; readonly address: string }[] = [];
  for (const { offset, length, url } of entities) {
    const end = offset + length;
    if (url === undefined || url === text.slice(offset, end)) continue;
    const address = ` (${url})`;
    if (address.length > room) continue;
    room -= address.length;
    additions.push({ at: end, address });
  }
  return additions.reduceRight((plain, { at, address }) => plain.slice(0, at) + address + plain.slice(at), text);
}
