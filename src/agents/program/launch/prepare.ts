import { randomBytes, randomUUID } from 'node:crypto';
import type { SessionSpec } from '../../../core/ports/agent.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { AgentFiles } from '../files/agent-files.ts';
import { findTranscript } from '../files/find-transcript.ts';
import type { LaunchRecord, LaunchRecords } from './launch-record.ts';
import type { LaunchOptions } from './launch.ts';
import { toPast } from './past.ts';

export interface PrepareOptions extends Pick<LaunchOptions, 'bin' | 'home' | 'credentials'> {
  readonly files: Pick<AgentFiles, 'version' | 'seedHome' | 'list' | 'sizeOf'>;
}

export interface Prepared {
  /** Of the launch that comes, all but its program. */
  readonly record: Omit<LaunchRecord, 'agent'>;
  /** The program of the launch before. */
  readonly earlier: ProcessMark | null;
  /** Its conversation is resumed. */
  readonly isResumed: boolean;
}

/** What is known, and drawn by lot, before an agent is launched. `unreadable`: the conversation that the session had, and of
 *  which the CLI found nothing in its file. */
export async function prepare(
  { files, bin, home, credentials }: PrepareOptions,
  launches: Pick<LaunchRecords, 'read'>,
  { workspace, cwd, agentSessionId: id }: SessionSpec,
  unreadable: string | null,
): Promise<Prepared> {
  const version = await files.version(bin ?? 'claude');
  await files.seedHome(cwd, credentials.apiKey);
  // An id works once with --session-id; once the conversation has a transcript it is resumed.
  const known = id === null ? null : await findTranscript(files, home, id);
  const before = await launches.read(workspace);
  const agentSessionId = known === null || id === null ? randomUUID() : id;
  const token = randomBytes(32).toString('base64url');
  return {
    record: { agentSessionId, token, version, ...toPast(before, id, known, unreadable) },
    earlier: before?.agent ?? null,
    isResumed: known !== null,
  };
}
