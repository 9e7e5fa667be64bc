import type { SessionListener, SessionSpec } from '../../../core/ports/agent.ts';
import { findLiving } from '../../program/driver/find-living.ts';
import type { ClaudeSession } from '../session/session.ts';
import type { ClaudeLaunches } from './claude-launch.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { ClaudeOptions } from './options.ts';

export interface AdoptParts extends Pick<ClaudeOptions, 'tmux' | 'hooks' | 'files'> {
  readonly live: LiveSessions;
  readonly launches: ClaudeLaunches;
}

/** Takes over an agent that lives; null when there is none that is surely this one, or it has named no transcript yet. */
export async function adopt(
  { hooks, ...parts }: AdoptParts,
  spec: SessionSpec,
  listener: SessionListener,
): Promise<ClaudeSession | null> {
  const living = await findLiving(parts, spec);
  if (living === null) return null;
  if (living.kind === 'watched') return living.session;
  const { record, agent } = living;
  const { agentSessionId, transcript } = record;
  if (transcript === null) return null;
  await parts.files.door.renew(spec.workspace);
  const origin = record.hookPort === hooks.port ? 'adopted' : 'deaf';
  // An earlier gateway did not write them.
  const { lists = null } = record;
  return parts.live.add(spec, {
    ...record,
    conversation: { agentSessionId, transcript },
    agent,
    lists,
    origin,
    listener,
  });
}
