import { constants } from 'node:fs';
import { appendFile, mkdir, open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { untilFound } from './until-found.ts';

/** The two streams between the gateway and an agent that is driven line by line, in a private folder. What is said to it
 *  stands in a file that its program follows, what it says in another one, to which its program appends. */
export interface StreamFiles {
  /** Makes both, empty, and forgets those of an earlier agent. */
  prepare(workspace: string): Promise<StreamPaths>;
  /** Adds a line. `at`: only where it would begin at this byte. False, and nothing added, when it would not. Rejects when
   *  it was not added whole; the next one, or `mend`, completes it. */
  say(workspace: string, line: string, at?: number): Promise<boolean>;
  /** Completes a line that a process could not end: half of one would end the program at the next line break. */
  mend(workspace: string): Promise<void>;
  /** How many bytes were said to the agent. Rejects when there is no such file. */
  saidBytes(workspace: string): Promise<number>;
  /** What was said to the agent from this byte on, whole lines; null when there is no such file. */
  said(workspace: string, offset: number): Promise<Heard | null>;
  /** What the agent said from this byte on, in whole lines, as soon as there is one: `text` is empty when there was none
   *  in time, or when the signal aborts. Rejects when there is no such file. */
  hear(workspace: string, offset: number, withinMs: number, signal?: AbortSignal): Promise<Heard>;
}

export interface StreamPaths {
  readonly input: string;
  readonly output: string;
  /** Of the pipe between the follower of the input and the program; nothing is there yet. */
  readonly pipe: string;
}

export interface Heard {
  readonly text: string;
  /** The byte behind it. */
  readonly end: number;
}

/** One reading brings as much, and a longer line whole. */
const PIECE_BYTES = 1024 * 1024;
/** What is longer is no line of the program. */
const LINE_MAX_BYTES = 64 * 1024 * 1024;

export function createStreamFiles(root: string): StreamFiles {
  const toPath = (workspace: string, name: string): string => path.join(root, workspace, 'stream', name);

  async function mend(workspace: string): Promise<void> {
    const input = toPath(workspace, 'in');
    const rest = await findRest(input, toPath(workspace, 'next'));
    if (rest !== null) await appendFile(input, rest);
  }

  return {
    async prepare(workspace) {
      const [input, output, pipe] = [toPath(workspace, 'in'), toPath(workspace, 'out'), toPath(workspace, 'pipe')];
      const folder = path.dirname(input);
      // Whoever still follows it for an agent that is gone ends when it cannot pass this on.
      if ((await sizeOf(input)) !== null) await appendFile(input, '\n');
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const file of [input, output]) await writeFile(file, '', { mode: 0o600 });
      return { input, output, pipe };
    },

    async say(workspace, line, at) {
      const input = toPath(workspace, 'in');
      await mend(workspace);
      if (at !== undefined && (await sizeOf(input)) !== at) return false;
      // Kept aside, so that whoever finds a part of it can complete it.
      await writeFile(toPath(workspace, 'next'), `${line}\n`, { mode: 0o600 });
      await appendFile(input, `${line}\n`);
      return true;
    },

    mend,
    saidBytes: async (workspace) => (await stat(toPath(workspace, 'in'))).size,

    async said(workspace, offset) {
      const file = toPath(workspace, 'in');
      if ((await sizeOf(file)) === null) return null;
      return (await readLines(file, offset)) ?? { text: '', end: offset };
    },

    async hear(workspace, offset, withinMs, signal) {
      const file = toPath(workspace, 'out');
      const look = createLook(file, offset);
      const first = await look();
      if (first !== null || withinMs === 0) return first ?? { text: '', end: offset };
      const late = AbortSignal.timeout(withinMs);
      const found = await untilFound(file, look, signal === undefined ? late : AbortSignal.any([late, signal]));
      return found ?? { text: '', end: offset };
    },
  };
}

async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ size }) => size,
    () => null,
  );
}

/** What the last line of the input lacks; null when it lacks nothing. */
async function findRest(input: string, next: string): Promise<Buffer | null> {
  const handle = await open(input, constants.O_RDONLY);
  try {
    const { size } = await handle.stat();
    if (size === 0 || (await readAt(handle, size - 1, 1)).toString() === '\n') return null;
    const whole = await readFile(next);
    const end = await readAt(handle, Math.max(0, size - whole.length), Math.min(size, whole.length));
    const part = end.subarray(end.lastIndexOf('\n') + 1);
    if (whole.subarray(0, part.length).equals(part)) return whole.subarray(part.length);
    throw new Error('The last line to the agent is cut, and nobody knows its end.');
  } finally {
    await handle.close();
  }
}

/** Looks for whole lines behind this byte, and at each byte once until there are some. */
function createLook(file: string, offset: number): () => Promise<Heard | null> {
  let seen = offset;
  return async () => {
    const size = await sizeOf(file);
    if (size === null) throw new Error(`${file} is gone`);
    if (size <= seen) return null;
    const found = await readLines(file, offset, seen);
    seen = size;
    return found;
  };
}

/** `seen`: no line ends before this byte. */
async function readLines(file: string, offset: number, seen: number = offset): Promise<Heard | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    for (let at = seen; at - offset < LINE_MAX_BYTES;) {
      const piece = await readAt(handle, at, PIECE_BYTES);
      if (piece.length === 0) return null;
      const last = piece.lastIndexOf('\n');
      if (last === -1) {
        at += piece.length;
        continue;
      }
      const end = at + last + 1;
      const lines = at === offset ? piece.subarray(0, last + 1) : await readAt(handle, offset, end - offset);
      return { text: lines.toString('utf8'), end };
    }
    return { text: '', end: offset + LINE_MAX_BYTES };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
