import type { AgentName } from '../../model/agent.ts';
import type { ProbeOutcome } from '../../ports/agent.ts';
import { driverOf, type FlowParts } from '../parts.ts';
import { createTimers } from '../timers.ts';

/** Asks agents for a word outside of all sessions, so that no prompt of a user is spent on finding out. */
export interface Probes {
  /** After so long, in the place of what was planned for this agent before. */
  plan(agent: AgentName, ms: number, told: (outcome: ProbeOutcome) => void): void;
  callOff(agent: AgentName): void;
  /** Nobody is told any more. Resolves when none is under way. */
  stop(): Promise<void>;
}

export function createProbes(parts: Pick<FlowParts, 'drivers' | 'clock' | 'log'>): Probes {
  const timers = createTimers(parts.clock);
  const stopping = new AbortController();
  let probing: Promise<void> = Promise.resolve();

  async function probe(agent: AgentName, told: (outcome: ProbeOutcome) => void): Promise<void> {
    try {
      const outcome = await driverOf(parts, agent).probe(stopping.signal);
      if (!stopping.signal.aborted) told(outcome);
    } catch (error) {
      parts.log.error({ agent, error: String(error) }, 'probe.broke');
    }
  }

  return {
    plan(agent, ms, told) {
      timers.set(agent, ms, () => {
        probing = probe(agent, told);
      });
    },
    callOff: (agent) => timers.callOff(agent),
    async stop() {
      timers.callOffAll();
      stopping.abort();
      await probing;
    },
  };
}
