import type { Entity } from '../../src/transports/markdown/entities.ts';

const MIXABLE = new Set(['bold', 'italic', 'strikethrough']);
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What the Bot API, or a client, would take amiss of a message. Empty when nothing. */
export function listFaults(text: string, entities: readonly Entity[], limit: number): readonly string[] {
  const edges = new Set(Array.from(segmenter.segment(text), ({ index }) => index)).add(text.length);
  return [
    ...(text.length > limit ? [`${text.length} units`] : []),
    ...(text.trim() === '' ? ['empty'] : []),
    ...(text.isWellFormed() ? [] : ['half a surrogate pair']),
    ...(entities.length > 100 ? [`${entities.length} entities`] : []),
    ...entities.flatMap((entity) => listFaultsOf(text, entity, edges)),
    ...entities.flatMap((one, at) => entities.slice(at + 1).flatMap((other) => listFaultsBetween(one, other))),
  ];
}

function listFaultsOf(
  text: string,
  { type, offset, length, url }: Entity,
  edges: ReadonlySet<number>,
): readonly string[] {
  const part = text.slice(offset, offset + length);
  return [
    ...(offset < 0 || length <= 0 || offset + length > text.length ? [`${type} outside of the text`] : []),
    ...(part.trim() === '' ? [`${type} of white space`] : []),
    ...(/^\n|\n$/.test(part) ? [`${type} with a line end at its edge`] : []),
    ...(edges.has(offset) && edges.has(offset + length) ? [] : [`${type} cuts a character`]),
    ...((type === 'text_link') === (url !== undefined) ? [] : [`${type} and ${url}`]),
    ...(url === undefined || /^https?:/i.test(url) ? [] : [`link to ${url}`]),
  ];
}

function listFaultsBetween(one: Entity, other: Entity): readonly string[] {
  const [first, second] = [one, other].map(({ offset, length }) => [offset, offset + length] as const) as [Span, Span];
  if (first[1] <= second[0] || second[1] <= first[0]) return [];
  const isNested = first[0] <= second[0] && first[1] >= second[1];
  const name = `${one.type} and ${other.type}`;
  if (!isNested) return [`${name} cross, or are out of order`];
  const isAllowed =
    one.type === 'blockquote' ? other.type !== 'blockquote' : !isCode(one) && !isCode(other) && mix(one, other);
  return isAllowed ? [] : [`${name} nested`];
}

type Span = readonly [number, number];

function isCode({ type }: Entity): boolean {
  return type === 'code' || type === 'pre';
}

function mix(one: Entity, other: Entity): boolean {
  return one.type !== other.type && (MIXABLE.has(one.type) || MIXABLE.has(other.type));
}
