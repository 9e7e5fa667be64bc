import type { AgentFiles } from '../../program/files/agent-files.ts';
import { readEntries, type Place } from '../transcript/entries.ts';
import { holdsRefusal, lastStopHooks } from '../transcript/hook-notes.ts';
import { readSteps, type Step } from '../transcript/steps.ts';
import { readTurnWithSpent, type Spent, type TranscriptFinding } from '../transcript/transcript.ts';

export interface TurnTranscriptParts {
  readonly files: AgentFiles;
  /** Of the conversation, which may move to another file. */
  readonly file: () => string;
  readonly expected: string;
  /** Ids of prompts that were reported before. */
  readonly earlierPrompts: ReadonlySet<string>;
}

/** What the transcript says of one turn by now. */
export interface TurnTranscript {
  /** Bytes of it that are not of this turn. */
  offset: number;
  place(): Place;
  read(): Promise<TranscriptFinding>;
  /** What it took by then, too, at a place of it; an end that was read there before is not read again. */
  readSpent(at: Place): Promise<{ readonly found: TranscriptFinding; readonly spent: Spent | null }>;
  readSteps(): Promise<readonly Step[]>;
  /** Whether the agent has noted that this turn's prompt was refused. */
  isRefusalNoted(): Promise<boolean>;
  /** What ran at the last Stop, each by its command or address; null when none is noted. */
  lastStopHooks(): Promise<readonly string[] | null>;
}

export function createTurnTranscript(parts: TurnTranscriptParts): TurnTranscript {
  const { files, file, expected, earlierPrompts } = parts;
  const place = (): Place => ({ file: file(), offset: transcript.offset });
  type Read = Awaited<ReturnType<TurnTranscript['readSpent']>>;
  /** With the file and the offset that it was read from. */
  let ended: (Read & Place) | null = null;

  async function read(from: Place): Promise<Read> {
    const now = await readTurnWithSpent(files, from, expected, earlierPrompts);
    ended = now.found.kind === 'ended' ? { ...now, ...from } : null;
    return now;
  }

  const transcript: TurnTranscript = {
    offset: 0,
    place,
    read: async () => (await read(place())).found,
    readSpent: async (at) => (ended?.file === at.file && ended.offset === at.offset ? ended : read(at)),
    readSteps: () => readSteps(files, place(), expected, earlierPrompts),
    isRefusalNoted: () => holdsRefusal(files, place()),
    lastStopHooks: async () => lastStopHooks(await readEntries(files, place())),
  };
  return transcript;
}
