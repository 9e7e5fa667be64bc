import type { ProcessMark } from '../../processes/process-mark.ts';
import { markTree } from '../../processes/process-list.ts';
import { endProcesses, type SendSignal } from '../../processes/signals.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { TOKEN_VARIABLE } from '../settings/session-settings.ts';

export interface EndParts {
  readonly tmux: Pick<Tmux, 'list' | 'variable' | 'kill'>;
  readonly sendSignal: SendSignal;
}

/** What stands in the way of an agent in this session. `stranger`: a session that is not ours. `stuck`: an agent that
 *  cannot be ended. */
export type Obstacle = { readonly kind: 'stranger' } | { readonly kind: 'stuck'; readonly pid: number };

/** Ends what an earlier process left: the session of this name, and its agent, which may live on when its tmux is gone.
 *  Null: no agent of ours runs there any more. */
export async function endEarlier(
  parts: EndParts,
  session: string,
  agent: ProcessMark | null,
): Promise<Obstacle | null> {
  const { tmux } = parts;
  const isThere = (await tmux.list()).includes(session);
  if (isThere && (await tmux.variable(session, TOKEN_VARIABLE)) === null) return { kind: 'stranger' };
  return (await endAgent(parts, session, agent)) || agent === null ? null : { kind: 'stuck', pid: agent.pid };
}

/** Ends the session, its agent and all that it started, also where tmux cannot be asked. False: the agent lives. */
export async function endAgent(
  { tmux, sendSignal }: EndParts,
  session: string,
  agent: ProcessMark | null,
): Promise<boolean> {
  // Its tools have sessions and groups of their own, and outlive it when it has no time to end them: they are found before.
  const tree = agent === null ? [] : await markTree(agent).catch(() => []);
  const asked = await tmux.kill(session).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (agent === null && asked !== null) throw asked.error;
  if (agent === null) return true;
  const left = await endProcesses(sendSignal, [agent]);
  await endProcesses(sendSignal, tree);
  return left.length === 0;
}
