import type { LiveDetails } from '../../ports/agent.ts';
import type { FlowParts } from '../parts.ts';
import { shareLook } from '../shared-look.ts';
import type { Agents } from './agents/agents.ts';

/** The live agents as they look from outside, by their workspaces. Empty when nothing can be looked at. */
export type Inspection = () => Promise<ReadonlyMap<string, LiveDetails>>;

export interface InspectionDeps {
  readonly parts: Pick<FlowParts, 'store' | 'drivers' | 'log' | 'clock'>;
  readonly agents: Pick<Agents, 'workspaces' | 'stateOf'>;
}

/** An agent that came makes another look: what is live is not shown without what is known of it. */
export function createInspection({ parts, agents }: InspectionDeps): Inspection {
  let shared: { readonly live: string; readonly look: Inspection } | null = null;
  return () => {
    const workspaces = agents.workspaces().filter((workspace) => agents.stateOf(workspace) === 'live');
    const live = workspaces.toSorted().join(' ');
    if (shared?.live !== live)
      shared = { live, look: shareLook(parts.clock, () => inspect(parts, new Set(workspaces))) };
    return shared.look();
  };
}

async function inspect(
  { store, drivers, log }: InspectionDeps['parts'],
  live: ReadonlySet<string>,
): Promise<ReadonlyMap<string, LiveDetails>> {
  try {
    const sessions = (await store.listSessions()).filter(({ workspace }) => live.has(workspace));
    const found = await Promise.all(
      [...drivers.values()].map(async (driver) => {
        const own = sessions.filter(({ agent }) => agent === driver.agent).map(({ workspace }) => workspace);
        return own.length === 0 ? [] : [...(await driver.inspect(own))];
      }),
    );
    return new Map(found.flat());
  } catch (error) {
    log.warn({ error: String(error) }, 'session.not_inspected');
    return new Map();
  }
}
