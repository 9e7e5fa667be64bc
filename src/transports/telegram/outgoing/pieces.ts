import type { Entity, EntityType } from '../../markdown/entities.ts';
import type { TelegramPiece } from '../../markdown/telegram.ts';

/** UTF-16 units of a message. */
export const MESSAGE_MAX = 4_096;

export interface Segment {
  readonly text: string;
  readonly as?: EntityType;
}

/** One message of parts, each with its look. The parts are short enough together. */
export function join(segments: readonly Segment[]): TelegramPiece {
  const entities: Entity[] = [];
  let text = '';
  for (const segment of segments) {
    const length = segment.text.trim().length;
    if (segment.as !== undefined && length > 0) {
      const before = segment.text.length - segment.text.trimStart().length;
      entities.push({ type: segment.as, offset: text.length + before, length });
    }
    text += segment.text;
  }
  return { text, entities };
}

export const AGAIN = '(again) ';

/** The first copy may have arrived. */
export function markAgain({ text, entities }: TelegramPiece): TelegramPiece {
  return {
    text: AGAIN + text,
    entities: entities.map((entity) => ({ ...entity, offset: entity.offset + AGAIN.length })),
  };
}
