import type { AgentName } from '../../../model/agent.ts';
import { GatewayError } from '../../../model/errors.ts';
import type { AgentDriver, AgentSession, TurnObserver } from '../../../ports/agent.ts';
import type { FlowParts } from '../../parts.ts';
import { untilAborted } from '../../../model/words/until-aborted.ts';
import { closeAgent, putToSleep } from './end-agent.ts';
import { createGates, type Gates } from './gates.ts';
import { createHeldAgents, type AgentsWatcher, type HeldAgent, type StartingAgent } from './held-agents.ts';
import { adoptAgent, startAgent } from './start-agent.ts';

/** The live agents of this process, one for each workspace. */
export interface Agents {
  /** All that lived when this process began are taken in: until then nothing but those is handed out, and nobody has a
   *  workspace to themselves, or what lives there would be overlooked. */
  opened(): void;
  /** The live agent; adopts, resumes or starts it when there is none here. Callers at once share one start.
   *  `asked`: of whom the agent asks what it wants to know before it has started. */
  acquire(
    workspace: string,
    agent: AgentName,
    signal: AbortSignal,
    asked?: TurnObserver['asked'],
  ): Promise<AgentSession>;
  /** Takes in an agent that recovery found. */
  take(workspace: string, session: AgentSession): void;
  /** Takes in the idle agent of a known session, if one lives, and ends that of a deleted one; never rejects. */
  adopt(workspace: string, driver: AgentDriver): Promise<void>;
  /** Ends the agent and keeps its conversation; false when it is needed, or is not live. */
  sleep(workspace: string): Promise<boolean>;
  /** Null: there is none. */
  stateOf(workspace: string): HeldAgent['kind'] | null;
  /** Live agents, those that start, and those that end. */
  workspaces(): readonly string[];
  /** Runs `work` while no agent is started or handed out for this workspace. */
  exclusive: Gates['exclusive'];
  /** Ends the live agent, also one that is just starting. */
  close(workspace: string): Promise<void>;
  closeAll(): Promise<void>;
}

export function createAgents(parts: FlowParts, watcher: AgentsWatcher): Agents {
  const held = createHeldAgents(parts.clock, watcher);
  const gates = createGates();
  const isOpen = Promise.withResolvers<void>();
  let isClosed = false;

  return {
    opened: isOpen.resolve,
    async acquire(workspace, agent, signal, asked) {
      if (held.of(workspace)?.kind !== 'live') await untilAborted(isOpen.promise, signal);
      // What is found open stays so until the agent is held: nothing comes between.
      for (let gate = gates.closed(workspace); gate !== null; gate = gates.closed(workspace)) {
        await untilAborted(gate, signal);
      }
      if (isClosed) throw new GatewayError('draining', 'This gateway is stopping');
      const known = held.of(workspace);
      if (known?.kind === 'live') return known.session;
      signal.throwIfAborted();
      const begin = (): StartingAgent =>
        held.begin(workspace, (stopped, asks) => startAgent(parts, { workspace, agent, asks }, stopped));
      return untilStarted(known ?? begin(), signal, asked);
    },
    take: (workspace, session) => held.take(workspace, session),
    adopt: (workspace, driver) => adoptAgent(parts, held, workspace, driver),
    sleep: (workspace) => putToSleep(parts, held, workspace),
    stateOf: (workspace) => held.of(workspace)?.kind ?? null,
    workspaces: () => held.workspaces(),
    async exclusive(workspace, work) {
      await isOpen.promise;
      return gates.exclusive(workspace, work);
    },
    close: (workspace) => closeAgent(held, workspace),
    async closeAll() {
      isClosed = true;
      isOpen.resolve();
      await Promise.all(held.workspaces().map((workspace) => closeAgent(held, workspace)));
    },
  };
}

async function untilStarted(
  { started, stop, asks }: StartingAgent,
  signal: AbortSignal,
  asked?: TurnObserver['asked'],
): Promise<AgentSession> {
  if (asked !== undefined) asks.join(asked);
  try {
    return await untilAborted(started, signal);
  } catch (error) {
    // Whom its dialog was put to is gone: nobody would ever answer it.
    if (signal.aborted && asks.isOpen) {
      stop.abort();
      await started.catch(() => {});
    }
    throw error;
  }
}
