import { openSync, readSync, closeSync, fstatSync } from 'node:fs';

/** The keys of settings files that a program of Claude Code knows, in its order: it bears its schema as source, one property
 *  a key, from `$schema` on. Empty when that is not found.
 *  Keys that only some surroundings have stand in objects that are spread into it; theirs are left out. */
export function readSettingsKeys(program: string): readonly string[] {
  const source = findSchema(program);
  return source === null ? [] : keysOf(source);
}

const BEGIN = /\{\$schema:(?:(?!\$schema:).){0,80}JSON Schema reference for Claude Code settings/s;
const MARK = Buffer.from('JSON Schema reference for Claude Code settings');
/** The schema takes some 100 kB; before the mark stands less than this. */
const BEFORE = 200;
const LENGTH = 1_000_000;
const STEP = 64 * 1024 * 1024;

function findSchema(program: string): string | null {
  const file = openSync(program, 'r');
  try {
    const { size } = fstatSync(file);
    for (let from = 0; from < size; from += STEP - LENGTH) {
      const piece = Buffer.alloc(Math.min(STEP, size - from));
      readSync(file, piece, 0, piece.length, from);
      for (let at = piece.indexOf(MARK); at >= 0; at = piece.indexOf(MARK, at + 1)) {
        const text = piece.toString('latin1', Math.max(0, at - BEFORE), at + LENGTH);
        const begin = BEGIN.exec(text);
        if (begin !== null) return text.slice(begin.index);
      }
    }
    return null;
  } finally {
    closeSync(file);
  }
}

const NAME = /[A-Za-z_$][\w$]*(?=\s*:)/y;

/** The names of the properties of the object with which the text begins. */
function keysOf(source: string): readonly string[] {
  const keys: string[] = [];
  let depth = 0;
  let isAtName = false;
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at] ?? '';
    if ('"\'`'.includes(sign)) at = endOfText(source, at);
    else if ('{(['.includes(sign)) isAtName = (depth += 1) === 1;
    else if ('})]'.includes(sign)) {
      if ((depth -= 1) === 0) return keys;
    } else if (depth === 1 && sign === ',') isAtName = true;
    else if (depth === 1 && isAtName) {
      NAME.lastIndex = at;
      const name = NAME.exec(source)?.[0];
      if (name !== undefined) keys.push(name);
      at += name === undefined ? 0 : name.length - 1;
      isAtName = false;
    }
  }
  return [];
}

function endOfText(source: string, begin: number): number {
  const quote = source[begin];
  let at = begin + 1;
  while (at < source.length && source[at] !== quote) at += source[at] === '\\' ? 2 : 1;
  return at;
}
