import { toSessionName } from '../../../core/model/workspace.ts';
import type { SessionListener, SessionSpec } from '../../../core/ports/agent.ts';
import { markChild } from '../../processes/process-list.ts';
import { TOKEN_VARIABLE } from '../../program/settings/session-settings.ts';
import type { ClaudeLaunches } from './claude-launch.ts';
import type { ClaudeSession } from '../session/session.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { ClaudeOptions } from './options.ts';

export interface AdoptParts extends Pick<ClaudeOptions, 'tmux' | 'hooks'> {
  readonly live: LiveSessions;
  readonly launches: ClaudeLaunches;
}

/** Takes over an agent that lives, by the record of its launch; null when there is none that is surely this one. */
export async function adopt(
  { tmux, hooks, live, launches }: AdoptParts,
  spec: SessionSpec,
  listener: SessionListener,
): Promise<ClaudeSession | null> {
  const known = live.get(spec.workspace);
  if (known?.isClosing() === false) return known;
  await known?.close();
  const name = toSessionName(spec.workspace);
  const record = await launches.read(spec.workspace);
  // A conversation that the store does not know was deleted, or nothing was ever said in it.
  if (record === null || record.transcript === null || spec.agentSessionId === null) return null;
  const found = await tmux.pane(name);
  if (found === null || found.dead || (await tmux.variable(name, TOKEN_VARIABLE)) !== record.token) return null;
  const conversation = { agentSessionId: record.agentSessionId, transcript: record.transcript };
  const agent = await markChild(found.pid);
  const origin = record.hookPort === hooks.port ? 'adopted' : 'deaf';
  // An earlier gateway did not write them.
  const { lists = null } = record;
  return live.add(spec, { ...record, conversation, agent, lists, origin, listener });
}
