import type { Heard, StreamFiles } from '../../program/files/stream-files.ts';
import { parseLine, type Line } from './line.ts';

export interface PlacedLine {
  readonly line: Line;
  readonly text: string;
  /** The byte at which it begins, and the one behind it. */
  readonly from: number;
  readonly end: number;
}

/** What an agent has said by now, from this byte on, line by line. */
export async function* readLines(
  stream: Pick<StreamFiles, 'hear'>,
  workspace: string,
  offset = 0,
): AsyncGenerator<PlacedLine> {
  for (let at = offset; ;) {
    const heard = await stream.hear(workspace, at, 0);
    if (heard.end === at) return;
    yield* splitLines(heard, at);
    at = heard.end;
  }
}

export function* splitLines({ text }: Pick<Heard, 'text'>, offset: number): Generator<PlacedLine> {
  let from = offset;
  for (const line of text.split('\n').slice(0, -1)) {
    const behind = from + Buffer.byteLength(line) + 1;
    yield { line: parseLine(line), text: line, from, end: behind };
    from = behind;
  }
}
