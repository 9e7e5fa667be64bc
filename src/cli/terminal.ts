import { isUtf8 } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { styleText } from 'node:util';
import type { Environment } from '../config/env.ts';
import { toSafe } from './shown/safe.ts';

type Style = Parameters<typeof styleText>[0];

/** What a command has of the world around it; a fake one in tests. */
export interface Terminal {
  readonly env: Environment;
  /** The folder in which the command was given. */
  readonly folder: string;
  /** A person reads stdout. */
  readonly isTTY: boolean;
  /** Of what a person reads. */
  readonly columns: number;
  /** A person types at stdin. */
  readonly isTyped: boolean;
  /** Aborts when nobody reads stdout any more, as behind `| head -1`: the next line finds it out. */
  readonly unread: AbortSignal;
  /** A line for stdout: what was asked for. */
  print(line: string): void;
  /** The same, without the end of a line. Where a person reads, both leave out what would steer the terminal. */
  write(text: string): void;
  /** A line for stderr: problems and progress. */
  complain(line: string): void;
  /** A line that the next one takes away again, where a person reads stderr; null takes it away. */
  progress(line: string | null): void;
  /** With colours where a person reads stdout. */
  style(format: Style, words: string): string;
  /** @throws Error when it is no UTF-8 */
  readInput(): Promise<string>;
  /** The whole screen and keyboard; null where there is none. */
  openScreen(): Screen | null;
}

/** Keys come as they are pressed, until it is closed. */
export interface Screen {
  size(): { readonly columns: number; readonly rows: number };
  write(bytes: Uint8Array): void;
  onKeys(listener: (keys: Buffer) => void): void;
  /** Returns what takes the listener away. */
  onResize(listener: () => void): () => void;
  close(): void;
}

export function processTerminal(env: Environment): Terminal {
  const { stdin, stdout, stderr } = process;
  const unread = new AbortController();
  stdout.on('error', () => unread.abort());
  // A terminal that goes away must not keep a command from cleaning up.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  const hasColours = stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const forStdout = (words: string): string => (stdout.isTTY ? toSafe(words) : words);
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\u001B[K');
    shown = false;
  };
  return {
    env,
    folder: process.cwd(),
    isTTY: stdout.isTTY,
    columns: stdout.columns || 80,
    isTyped: stdin.isTTY,
    unread: unread.signal,
    print(line) {
      clear();
      stdout.write(forStdout(`${line}\n`));
    },
    write(words) {
      clear();
      stdout.write(forStdout(words));
    },
    complain(line) {
      clear();
      stderr.write(stderr.isTTY ? toSafe(`${line}\n`) : `${line}\n`);
    },
    progress(line) {
      if (!stderr.isTTY || !stdout.isTTY) return;
      clear();
      if (line === null) return;
      stderr.write(toSafe(line).slice(0, stderr.columns - 1));
      shown = true;
    },
    style: (format, words) => (hasColours ? styleText(format, words, { validateStream: false }) : words),
    readInput: async () => toText(await buffer(stdin)),
    openScreen: () => (stdin.isTTY && stdout.isTTY ? openScreen() : null),
  };
}

function toText(bytes: Uint8Array): string {
  if (!isUtf8(bytes))
    throw new Error('what came on stdin is no UTF-8: put it into a file of the workspace, and name that');
  return new TextDecoder().decode(bytes);
}

function openScreen(): Screen {
  const { stdin, stdout } = process;
  stdin.setRawMode(true);
  stdin.resume();
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    write: (bytes) => void stdout.write(bytes),
    onKeys: (listener) => void stdin.on('data', listener),
    onResize(listener) {
      stdout.on('resize', listener);
      return () => void stdout.off('resize', listener);
    },
    close() {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.removeAllListeners('data');
      stdout.removeAllListeners('resize');
    },
  };
}
