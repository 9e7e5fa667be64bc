import { toSessionName } from '../../../core/model/workspace.ts';
import type { SessionSpec } from '../../../core/ports/agent.ts';
import { markChild } from '../../processes/process-list.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import type { LaunchRecord, LaunchRecords } from '../launch/launch-record.ts';
import { TOKEN_VARIABLE } from '../settings/session-settings.ts';
import type { Live, ProgramSession } from './live.ts';

export interface FindParts<S extends ProgramSession, R extends LaunchRecord> {
  readonly tmux: Pick<Tmux, 'pane' | 'variable'>;
  readonly live: Pick<Live<S>, 'get'>;
  readonly launches: Pick<LaunchRecords<R>, 'read'>;
}

/** An agent that lives. */
export type Living<S, R> =
  /** This process watches it. */
  | { readonly kind: 'watched'; readonly session: S }
  /** An earlier one launched it. `agent`: its program; null when it ended just now. */
  | { readonly kind: 'found'; readonly record: R; readonly agent: ProcessMark | null };

/** By the record of its launch; null when there is none that is surely this one. */
export async function findLiving<S extends ProgramSession, R extends LaunchRecord>(
  { tmux, live, launches }: FindParts<S, R>,
  { workspace, agentSessionId }: SessionSpec,
): Promise<Living<S, R> | null> {
  const session = live.get(workspace);
  if (session?.isClosing() === false) return { kind: 'watched', session };
  await session?.close();
  const name = toSessionName(workspace);
  const record = await launches.read(workspace);
  // A conversation that the store does not know was deleted, or nothing was ever said in it.
  if (record === null || agentSessionId === null) return null;
  const found = await tmux.pane(name);
  if (found === null || found.dead || (await tmux.variable(name, TOKEN_VARIABLE)) !== record.token) return null;
  return { kind: 'found', record, agent: await markChild(found.pid) };
}
