/** What Discord's client shows of a message: a model of its parser, rule by rule in its order. Formats are tried at each
 *  place, and what no rule takes is text. */
export interface Shown {
  /** As people see it; a bullet is `•`. */
  readonly text: string;
  /** The formats that were found, with what they hold. */
  readonly formats: readonly (readonly [kind: string, text: string])[];
}

type Formats = (readonly [string, string])[];

const INLINE: readonly (readonly [kind: string, rule: RegExp])[] = [
  ['escape', /^\\([^0-9A-Za-z\s])/],
  ['autolink', /^<([^: >]+:\/[^ >]+)>/],
  ['mention', /^<(?:@[!&]?|#|a?:\w+:|t:|\/\w+:)\d+[^>]*>/],
  ['url', /^(?:https?|steam):\/\/[^\s<]+[^<.,:;"'\]\s]/],
  [
    'link',
    /^\[((?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['"][\s\S]*?['"])?\s*\)/,
  ],
  ['strong', /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/],
  [
    'em',
    /^\b_((?:__|\\[\s\S]|[^\\_])+?)_\b|^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/,
  ],
  ['underline', /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/],
  ['strike', /^~~([\s\S]+?)~~(?!_)/],
  ['code', /^(`+)([\s\S]*?[^`])\1(?!`)/],
  ['spoiler', /^\|\|([\s\S]+?)\|\|/],
  ['emoji', /^:([a-z0-9_+-]+):/i],
];
const FENCED = /^```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```/i;

export function showOnDiscord(message: string): Shown {
  const formats: Formats = [];
  return { text: showBlocks(message, formats), formats };
}

function showBlocks(source: string, formats: Formats): string {
  let shown = '';
  let rest = source;
  while (rest !== '') {
    const isLineStart = shown === '' || shown.endsWith('\n');
    const [length, text] =
      (isLineStart ? showBlock(rest, formats) : null) ?? showFence(rest, formats) ?? showOne(rest, formats);
    shown += text;
    rest = rest.slice(length);
  }
  return shown;
}

type Taken = readonly [length: number, text: string];

function showFence(rest: string, formats: Formats): Taken | null {
  const fenced = FENCED.exec(rest);
  if (fenced === null) return null;
  formats.push(['pre', fenced[2] ?? '']);
  return [fenced[0].length, fenced[2] ?? ''];
}

function showBlock(rest: string, formats: Formats): Taken | null {
  const quote = /^( *>>> ([\s\S]*))|^( *> [^\n]*(?:\n *> [^\n]*)*\n?)/.exec(rest);
  if (quote !== null) {
    const whole = quote[0];
    const inner = whole.replace(/^ *>>> /, '').replaceAll(/^ *> ?/gm, '');
    const shown = showBlocks(inner, formats);
    formats.push(['quote', shown]);
    return [whole.length, shown];
  }
  const heading = /^ *(-#|#{1,3})\s+((?:\\[\s\S]|[^\\])+?)#*\s*(\n|$)/.exec(rest);
  if (heading !== null) {
    const shown = showInline(heading[2] ?? '', formats);
    formats.push(['heading', shown]);
    return [heading[0].length, shown + heading[3]];
  }
  const item = /^( *)([-*]|\d+\.) +(?=\S)/.exec(rest);
  if (item !== null) {
    formats.push(['item', item[2] ?? '']);
    const sign = /\d/.test(item[2] ?? '') ? item[2] : '•';
    const inner = rest.slice(item[0].length);
    const [length, text] = showBlock(inner, formats) ?? showOne(inner, formats);
    return [item[0].length + length, `${item[1]}${sign} ${text}`];
  }
  return null;
}

function showInline(source: string, formats: Formats): string {
  let shown = '';
  for (let at = 0; at < source.length;) {
    const [length, text] = showOne(source.slice(at), formats);
    shown += text;
    at += length;
  }
  return shown;
}

function showOne(rest: string, formats: Formats): Taken {
  const found = INLINE.map(([kind, rule]) => ({ kind, match: rule.exec(rest) })).filter(({ match }) => match !== null);
  // Of bold and italics the longer one wins.
  const best = found.find(({ kind }) => kind !== 'strong' && kind !== 'em') === found[0] ? found[0] : longest(found);
  if (best === undefined || best.match === null) return [1, rest.charAt(0)];
  const { kind, match } = best;
  if (kind === 'escape') return [match[0].length, match[1] ?? ''];
  const shown = showContent(kind, match, formats);
  formats.push([kind, shown]);
  return [match[0].length, shown];
}

type Found = { readonly kind: string; readonly match: RegExpExecArray | null };

function longest(found: readonly Found[]): Found | undefined {
  return found
    .filter(({ kind }) => kind === 'strong' || kind === 'em')
    .toSorted((a, b) => (b.match?.[0].length ?? 0) - (a.match?.[0].length ?? 0))[0];
}

function showContent(kind: string, match: RegExpExecArray, formats: Formats): string {
  switch (kind) {
    case 'code':
      return (match[2] ?? '').replaceAll(/^ (?= *`)|(` *) $/g, '$1');
    case 'autolink':
      return match[1] ?? '';
    case 'mention':
    case 'url':
      return match[0];
    case 'emoji':
      return `<emoji ${match[1]}>`;
    default:
      return showInline(match[1] ?? match[2] ?? '', formats);
  }
}
