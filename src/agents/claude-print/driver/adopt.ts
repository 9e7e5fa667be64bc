import type { SessionListener, SessionSpec } from '../../../core/ports/agent.ts';
import { findLiving } from '../../program/driver/find-living.ts';
import type { ProgramOptions } from '../../program/driver/options.ts';
import type { LaunchRecords } from '../../program/launch/launch-record.ts';
import type { PrintSession } from '../session/session.ts';
import type { LiveSessions } from './live-sessions.ts';

export interface AdoptParts extends Pick<ProgramOptions, 'tmux' | 'files'> {
  readonly live: LiveSessions;
  readonly launches: LaunchRecords;
}

/** Takes over an agent that lives; null when there is none that is surely this one. */
export async function adopt(
  { files, ...parts }: AdoptParts,
  spec: SessionSpec,
  listener: SessionListener,
): Promise<PrintSession | null> {
  const { workspace } = spec;
  const living = await findLiving(parts, spec);
  if (living === null) return null;
  if (living.kind === 'watched') return living.session;
  // One whose streams are gone can be told nothing, nor be heard.
  if ((await files.stream.said(workspace, 0)) === null) return null;
  await files.stream.mend(workspace);
  return parts.live.add(spec, { ...living.record, agent: living.agent }, listener);
}
