import { findTarget, isSaid } from './links.ts';
import type { Inline, Tree } from './parse.ts';
import type { Style } from './styled.ts';
import type { Writer } from './writer.ts';

export interface Writing {
  readonly writer: Writer;
  /** Where addresses may stand behind a text. */
  readonly masks: boolean;
  /** The addresses that a text names elsewhere, by their identifiers. */
  readonly definitions: ReadonlyMap<string, string>;
}

export function writeInlines(writing: Writing, nodes: readonly Inline[], style: Style): void {
  for (const node of nodes) writeInline(writing, node, style);
}

function writeInline(writing: Writing, node: Inline, style: Style): void {
  const { writer, definitions } = writing;
  switch (node.type) {
    case 'text':
      return writer.add(node.value, style);
    case 'html':
      return writer.add(/^<br\s*\/?>$/i.test(node.value) ? '\n' : node.value, style);
    case 'break':
      return writer.add('\n', style);
    case 'inlineCode':
      return writer.add(node.value.replaceAll('\n', ' '), { ...style, code: true });
    case 'strong':
      return writeInlines(writing, node.children, { ...style, bold: true });
    case 'emphasis':
      return writeInlines(writing, node.children, { ...style, italic: true });
    case 'delete':
      return writeInlines(writing, node.children, { ...style, strike: true });
    case 'link':
      return writeLink(writing, node.url, node.children, style);
    case 'linkReference':
      return writeLink(writing, definitions.get(node.identifier) ?? '', node.children, style);
    case 'image':
      return writeImage(writing, node.url, node.alt, style);
    case 'imageReference':
      return writeImage(writing, definitions.get(node.identifier) ?? '', node.alt, style);
    case 'footnoteReference':
      return writer.add(`[${node.label ?? node.identifier}]`, style);
  }
}

function writeLink(writing: Writing, url: string, children: readonly Inline[], style: Style): void {
  const label = toLabel(children);
  if (label.trim() === '')
    return url === '' ? undefined : writeLink(writing, url, [{ type: 'text', value: url }], style);
  const target = writing.masks ? findTarget(url, label) : null;
  if (target !== null) {
    return writeInlines(writing, children, { ...style, link: { url: target, bare: label === target } });
  }
  writeInlines(writing, children, style);
  if (url !== '' && !isSaid(url, label)) writing.writer.add(` (${url})`, style);
}

/** As a link; inside of one, as its text. */
function writeImage(writing: Writing, url: string, alt: string | null | undefined, style: Style): void {
  const value = alt || url;
  if (style.link !== undefined) writing.writer.add(value, style);
  else writeLink(writing, url, [{ type: 'text', value }], style);
}

/** What people see of a link. */
function toLabel(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if ('value' in node) return node.value;
      if ('children' in node) return toLabel(node.children);
      return 'alt' in node ? node.alt || ('url' in node ? node.url : '') : '';
    })
    .join('');
}

/** Also of those that nothing refers to: nobody but the author knows that they are no text. */
export function collectDefinitions(tree: Tree): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pending: (Tree | Tree['children'][number])[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'definition' && !found.has(node.identifier)) found.set(node.identifier, node.url);
    if ('children' in node) pending.push(...node.children.toReversed());
  }
  return found;
}
