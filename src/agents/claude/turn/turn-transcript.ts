import type { AgentFiles } from '../../program/files/agent-files.ts';
import { readEntries, type Place } from '../transcript/entries.ts';
import { holdsRefusal, lastStopHooks } from '../transcript/hook-notes.ts';
import { readSteps, type Step } from '../transcript/steps.ts';
import { readTurn, type TranscriptFinding } from '../transcript/transcript.ts';

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
  readSteps(): Promise<readonly Step[]>;
  /** Whether the agent has noted that this turn's prompt was refused. */
  isRefusalNoted(): Promise<boolean>;
  /** What ran at the last Stop, each by its command or address; null when none is noted. */
  lastStopHooks(): Promise<readonly string[] | null>;
}

export function createTurnTranscript(parts: TurnTranscriptParts): TurnTranscript {
  const { files, file, expected, earlierPrompts } = parts;
  const place = (): Place => ({ file: file(), offset: transcript.offset });
  const transcript: TurnTranscript = {
    offset: 0,
    place,
    read: () => readTurn(files, place(), expected, earlierPrompts),
    readSteps: () => readSteps(files, place(), expected, earlierPrompts),
    isRefusalNoted: () => holdsRefusal(files, place()),
    lastStopHooks: async () => lastStopHooks(await readEntries(files, place())),
  };
  return transcript;
}
