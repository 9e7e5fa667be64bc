import type { RequestRecord } from '../../../model/request.ts';
import { AgentStartError, type AgentSession, type TurnObserver } from '../../../ports/agent.ts';
import type { FlowParts } from '../../parts.ts';
import { untilAborted } from '../../../model/words/until-aborted.ts';
import type { Agents } from './agents.ts';

/** The live agents that requests are given to. */
export interface Starts {
  /** The agent of the request's session, started when there is none. One that crashes on start is started again, with
   *  growing delays. After the third crash the request fails with what the screen showed, and so does every other one
   *  that had been accepted by then; a later one tries anew. */
  acquire(request: RequestRecord, signal: AbortSignal, asked?: TurnObserver['asked']): Promise<AgentSession>;
}

const DELAYS_MS = [1_000, 4_000];

interface GivenUp {
  readonly error: AgentStartError;
  readonly at: number;
}

export function createStarts({ clock, log }: FlowParts, agents: Pick<Agents, 'acquire'>): Starts {
  const givenUp = new Map<string, GivenUp>();

  return {
    async acquire({ workspace, agent, createdAt }, signal, asked) {
      const last = givenUp.get(workspace);
      // Of one given up ahead of now, the clock was set back since: all that come would seem to be from before.
      if (last !== undefined && createdAt <= last.at && last.at <= clock.now()) throw last.error;
      givenUp.delete(workspace);
      for (const delayMs of DELAYS_MS) {
        try {
          return await agents.acquire(workspace, agent, signal, asked);
        } catch (error) {
          if (!isCrash(error)) throw error;
          log.warn({ workspace, delayMs, error: error.message }, 'session.crashed_on_start');
          await pause(delayMs, signal);
        }
      }
      return agents.acquire(workspace, agent, signal, asked).catch((error: unknown) => {
        if (isCrash(error)) givenUp.set(workspace, { error, at: clock.now() });
        throw error;
      });
    },
  };

  async function pause(ms: number, signal: AbortSignal): Promise<void> {
    const over = Promise.withResolvers<void>();
    const callOff = clock.after(ms, () => over.resolve());
    await untilAborted(over.promise, signal).finally(callOff);
  }
}

function isCrash(error: unknown): error is AgentStartError {
  return error instanceof AgentStartError && error.reason === 'agent_exited';
}
