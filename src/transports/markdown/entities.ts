import { isVisible, trimBlank, type Slice } from './split/visible.ts';
import { listRuns, type Style, type Styled } from './styled/styled.ts';

export type EntityType = 'bold' | 'italic' | 'strikethrough' | 'code' | 'pre' | 'text_link' | 'blockquote';

/** As the Bot API has it: offset and length in UTF-16 units of the message. */
export interface Entity {
  readonly type: EntityType;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
}

/** From the outside to the inside: an entity ends where one around it begins or ends, so that no two cross. */
const ORDER = ['blockquote', 'text_link', 'bold', 'italic', 'strikethrough', 'code', 'pre'] as const;

type Values = Readonly<Record<EntityType, object | true | undefined>>;

interface Open {
  readonly type: EntityType;
  readonly start: number;
  readonly style: Style;
}

export function listEntities(styled: Styled, slice: Slice): readonly Entity[] {
  const entities: Entity[] = [];
  const open: Open[] = [];
  let values: Values | null = null;
  const closeFrom = (level: number, end: number): void => {
    for (let at = open.length - 1; at >= 0; at -= 1) {
      const one = open[at];
      if (one === undefined || ORDER.indexOf(one.type) < level) break;
      open.pop();
      entities.push(...toEntity(styled, one, end, slice.start));
    }
  };
  for (const { start, style } of listRuns(styled, slice.start, slice.end)) {
    const next = toValues(style);
    const level = ORDER.findIndex((type) => values?.[type] !== next[type]);
    if (level === -1) continue;
    closeFrom(level, start);
    for (const type of ORDER.slice(level)) if (next[type] !== undefined) open.push({ type, start, style });
    values = next;
  }
  closeFrom(0, slice.end);
  return entities.toSorted(compareEntities);
}

/** What holds another comes first. */
function compareEntities(a: Entity, b: Entity): number {
  return a.offset - b.offset || b.length - a.length || ORDER.indexOf(a.type) - ORDER.indexOf(b.type);
}

/** Code holds nothing else and stands in nothing but a quote; within a link, the link is worth more. */
function toValues({ quote, link, bold, italic, strike, code, pre, heading }: Style): Values {
  const isCode = pre !== undefined || (code !== undefined && link === undefined);
  return {
    blockquote: quote,
    text_link: isCode ? undefined : link,
    bold: isCode ? undefined : (bold ?? (heading && true)),
    italic: isCode ? undefined : italic,
    strikethrough: isCode ? undefined : strike,
    code: isCode && pre === undefined ? true : undefined,
    pre,
  };
}

function toEntity(styled: Styled, { type, start, style }: Open, end: number, from: number): readonly Entity[] {
  const { text } = styled;
  const slice =
    type === 'pre' || type === 'blockquote'
      ? trimLines(styled, start, end)
      : trimBlank(text, start, end, styled.findGrapheme);
  if (!isVisible(text.slice(slice.start, slice.end))) return [];
  const place = { type, offset: slice.start - from, length: slice.end - slice.start };
  const { link, pre } = style;
  if (type === 'text_link' && link !== undefined) return [{ ...place, url: link.url }];
  if (type === 'pre' && pre?.language) return [{ ...place, language: pre.language }];
  return [place];
}

/** The indent of code is code. */
function trimLines({ text, findGrapheme }: Styled, start: number, end: number): Slice {
  const { start: first, end: last } = trimBlank(text, start, end, findGrapheme);
  return { start: Math.max(start, text.lastIndexOf('\n', first - 1) + 1), end: last };
}
