import { collectDefinitions, writeInlines, type Writing } from './inlines.ts';
import { type Block, parse, type Table } from './parse.ts';
import type { Style, Styled } from './styled.ts';
import { layOutTable } from './table.ts';
import { createWriter } from './writer.ts';

type List = Extract<Block, { type: 'list' }>;
type Item = List['children'][number];

const RULE = '─'.repeat(12);

/** Markdown as people see it. The address of a link stands behind its text, but in a table,
 *  where it follows it in brackets.
 *  Lines stay lines. Never throws. */
export function readMarkdown(markdown: string): Styled {
  const { tree, blocks, rest } = parse(markdown);
  const writer = createWriter();
  if (tree !== null) writeBlocks({ writer, masks: true, definitions: collectDefinitions(tree) }, blocks, {});
  writer.owe(2);
  writer.place();
  writer.add(tree === null ? rest : rest.replace(/^\n+/, ''), {});
  return writer.end();
}

function writeBlocks(writing: Writing, blocks: readonly Block[], style: Style): void {
  const { writer } = writing;
  for (const [at, block] of blocks.entries()) {
    const before = blocks[at - 1];
    if (before !== undefined) writer.owe(countLines(before, block));
    // A heading stays with what it is the heading of.
    if (before?.type !== 'heading') writer.place();
    writeBlock(writing, block, style);
  }
}

/** A blank line where the author left one. */
function countLines(before: Block | Item, { position }: Block | Item): number {
  const left =
    before.position === undefined || position === undefined ? 2 : position.start.line - before.position.end.line;
  return left > 1 ? 2 : 1;
}

function writeBlock(writing: Writing, block: Block, style: Style): void {
  const { writer } = writing;
  switch (block.type) {
    case 'paragraph':
      return writeInlines(writing, block.children, style);
    case 'heading':
      return writeInlines(writing, block.children, { ...style, heading: { level: block.depth } });
    case 'blockquote':
      return writeQuote(writing, block.children, style);
    case 'list':
      return writeList(writing, block, style);
    case 'code':
      return writePre(writing, block.value, block.lang || null, style);
    case 'table':
      return writePre(writing, toTableText(writing, block), null, style);
    case 'thematicBreak':
      return writer.add(RULE, style);
    case 'html':
      return writer.add(block.value, style);
    case 'definition':
      return writer.add(`[${block.label ?? block.identifier}]: ${block.url}`, style);
    case 'footnoteDefinition':
      writer.add(`[${block.label ?? block.identifier}] `, style);
      return writeBlocks(writing, block.children, style);
  }
}

/** Networks know one level; what is deeper shows by its sign. */
function writeQuote(writing: Writing, blocks: readonly Block[], style: Style): void {
  const { writer } = writing;
  writer.freshLine();
  if (style.quote === undefined) writeBlocks(writing, blocks, { ...style, quote: {} });
  else writer.indented('> ', () => writeBlocks(writing, blocks, style));
}

function writePre({ writer }: Writing, text: string, language: string | null, { quote }: Style): void {
  writer.freshLine();
  writer.add(text, { ...(quote !== undefined && { quote }), pre: { language } });
}

function writeList(writing: Writing, { children, ordered, start }: List, style: Style): void {
  for (const [at, item] of children.entries()) {
    const before = children[at - 1];
    if (before !== undefined) {
      writing.writer.owe(countLines(before, item));
      writing.writer.place();
    }
    writeItem(writing, item, ordered === true ? `${(start ?? 1) + at}. ` : '• ', style);
  }
}

function writeItem(writing: Writing, { children, checked }: Item, sign: string, style: Style): void {
  const { writer } = writing;
  writer.add(sign, { ...style, marker: sign === '• ' ? 'bullet' : 'number' });
  if (typeof checked === 'boolean') writer.add(checked ? '☑ ' : '☐ ', style);
  const [first, ...others] = children;
  writer.indented(' '.repeat(sign.length), () => {
    if (first === undefined) return;
    writeBlock(writing, first, style);
    if (others[0] !== undefined) writer.owe(countLines(first, others[0]));
    writeBlocks(writing, others, style);
  });
}

function toTableText(writing: Writing, { children, align }: Table): string {
  const rows = children.map((row) =>
    row.children.map((cell) => {
      const writer = createWriter();
      writeInlines({ ...writing, writer, masks: false }, cell.children, {});
      return writer.end().text.replaceAll(/\s+/g, ' ').trim();
    }),
  );
  return layOutTable(rows, align);
}
