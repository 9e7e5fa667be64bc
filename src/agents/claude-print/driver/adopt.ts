import { toSessionName } from '../../../core/model/workspace.ts';
import type { SessionListener, SessionSpec } from '../../../core/ports/agent.ts';
import { markChild } from '../../processes/process-list.ts';
import type { LaunchRecords } from '../../program/launch/launch-record.ts';
import { TOKEN_VARIABLE } from '../../program/settings/session-settings.ts';
import type { PrintSession } from '../session/session.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { PrintOptions } from './options.ts';

export interface AdoptParts extends Pick<PrintOptions, 'tmux' | 'files'> {
  readonly live: LiveSessions;
  readonly launches: LaunchRecords;
}

/** Takes over an agent that lives, by the record of its launch; null when there is none that is surely this one. */
export async function adopt(
  { tmux, files, live, launches }: AdoptParts,
  spec: SessionSpec,
  listener: SessionListener,
): Promise<PrintSession | null> {
  const { workspace } = spec;
  const known = live.get(workspace);
  if (known?.isClosing() === false) return known;
  await known?.close();
  const name = toSessionName(workspace);
  const record = await launches.read(workspace);
  // A conversation that the store does not know was deleted, or nothing was ever said in it.
  if (record === null || spec.agentSessionId === null) return null;
  const found = await tmux.pane(name);
  if (found === null || found.dead || (await tmux.variable(name, TOKEN_VARIABLE)) !== record.token) return null;
  // One whose streams are gone can be told nothing, nor be heard.
  if ((await files.stream.said(workspace, 0)) === null) return null;
  await files.stream.mend(workspace);
  return live.add(spec, { ...record, agent: await markChild(found.pid) }, listener);
}
