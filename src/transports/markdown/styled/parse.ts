import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { countParsable } from './bounds.ts';

export type Tree = ReturnType<typeof fromMarkdown>;
type Content = Tree['children'][number];
export type Block = Extract<Content, { type: 'blockquote' }>['children'][number];
export type Inline = Extract<Block, { type: 'paragraph' }>['children'][number];
export type Table = Extract<Block, { type: 'table' }>;

export interface Parsed {
  readonly tree: Tree | null;
  readonly blocks: readonly Block[];
  /** What is not in the tree: too long, or made to keep a parser busy. */
  readonly rest: string;
}

// One tilde means "about" in a chat.
const syntax = gfm({ singleTilde: false });
const nodes = gfmFromMarkdown();

/** Never throws. */
export function parse(markdown: string): Parsed {
  const text = toCleanText(markdown);
  const count = countParsable(text);
  if (count === 0) return { tree: null, blocks: [], rest: text };
  try {
    const tree = fromMarkdown(text.slice(0, count), { extensions: [syntax], mdastExtensions: [nodes] });
    return { tree, blocks: tree.children.filter(isBlock), rest: text.slice(count) };
  } catch {
    // Whatever it was that the parser could not take, a person can still read it.
    return { tree: null, blocks: [], rest: text };
  }
}

/** The root of a whole document holds nothing else, which its type does not say. */
function isBlock(node: Content): node is Block {
  return node.type !== 'yaml';
}

/** Without what no network carries: halves of surrogate pairs, control characters, foreign line ends. */
function toCleanText(markdown: string): string {
  // oxlint-disable no-control-regex -- they are what is looked for
  return markdown
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\0-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}
