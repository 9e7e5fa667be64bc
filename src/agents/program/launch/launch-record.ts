import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConversationLoss } from '../../../core/model/request.ts';
import { writeWhole } from '../../../lib/files/write-whole.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';

/** Written before a launch, so that a later gateway process can take the session over. Each way to drive an agent adds
 *  what it needs for that. */
export interface LaunchRecord {
  readonly agentSessionId: string;
  /** Marks what is started for the session. */
  readonly token: string;
  /** Of its program; null when it is not known. */
  readonly version: string | null;
  /** The program; until this launch has one, that of the launch before. Null when none is known. */
  readonly agent: ProcessMark | null;
  /** A prompt was reported in it. */
  readonly said: boolean;
  /** The conversation before it, as long as no request of the new one was told that it is lost. */
  readonly lost: LostConversation | null;
}

export interface LostConversation {
  readonly agentSessionId: string;
  readonly why: ConversationLoss;
}

/** One for each workspace. */
export interface LaunchRecords<R extends LaunchRecord = LaunchRecord> {
  read(workspace: string): Promise<R | null>;
  write(workspace: string, record: R): Promise<void>;
}

/** In a folder for each workspace. */
export function createLaunchRecords<R extends LaunchRecord>(folder: string): LaunchRecords<R> {
  const toFile = (workspace: string): string => path.join(folder, workspace, 'launch.json');
  let last: Promise<void> = Promise.resolve();
  return {
    async read(workspace) {
      const text = await readFile(toFile(workspace), 'utf8').catch(() => null);
      return text === null ? null : parseRecord<R>(text);
    },
    /** One after the other: the last one that was asked for stands. */
    write(workspace, record) {
      const written = last.then(() => writeWhole(toFile(workspace), JSON.stringify(record, null, 2)));
      last = written.catch(() => {});
      return written;
    },
  };
}

/** Null when it is none: the session is then started anew. */
function parseRecord<R extends LaunchRecord>(text: string): R | null {
  try {
    const record = JSON.parse(text) as R | null;
    if (typeof record?.agentSessionId !== 'string' || typeof record.token !== 'string') return null;
    // An earlier gateway did not write them.
    const { version = null, agent = null, said = true, lost = null } = record;
    return { ...record, version, agent, said, lost };
  } catch {
    return null;
  }
}
