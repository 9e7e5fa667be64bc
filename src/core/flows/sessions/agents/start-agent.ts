import type { AgentName } from '../../../model/agent.ts';
import { GatewayError } from '../../../model/errors.ts';
import type { AgentDriver, AgentSession } from '../../../ports/agent.ts';
import { appendNotice } from '../../events/notices.ts';
import { driverOf, type FlowParts } from '../../parts.ts';
import { whileAway } from '../../until-stored.ts';
import type { HeldAgents } from './held-agents.ts';
import { createListener, readSpec } from './session-spec.ts';
import type { StartAsks } from './start-asks.ts';

export interface AgentStart {
  readonly workspace: string;
  readonly agent: AgentName;
  readonly asks: Pick<StartAsks, 'asked'>;
}

/** Adopts the agent that lives, or resumes or starts one. */
export async function startAgent(
  parts: FlowParts,
  { workspace, agent, asks }: AgentStart,
  signal: AbortSignal,
): Promise<AgentSession> {
  const { store, clock } = parts;
  const driver = driverOf(parts, agent);
  const patiently = <T>(ask: () => Promise<T>): Promise<T> =>
    whileAway(parts, 'session.start_waits', () => signal.aborted, ask);
  const spec = await patiently(() => readSpec(parts, workspace));
  const startedAt = clock.now();
  const listener = createListener(parts, workspace);
  const adopted = await driver.adopt(spec, listener);
  const session = adopted ?? (await driver.open(spec, signal, { ...listener, asked: asks.asked }));
  // Before a prompt: a crash must find the conversation again.
  const known = await patiently(() =>
    store.updateSession(workspace, { agentSessionId: session.agentSessionId, lastActivityAt: clock.now() }),
  );
  if (!known || signal.aborted) {
    await session.close();
    throw new GatewayError('not_found', `The session of ${workspace} was deleted`);
  }
  if (adopted === null) {
    const resumed = spec.agentSessionId === session.agentSessionId;
    const data = { resumed, ms: clock.now() - startedAt };
    appendNotice(parts, workspace, null, { type: 'session.started', data });
  }
  return session;
}

/** Takes in the idle agent of a known session, if one lives, and ends that of a deleted one; never rejects. */
export async function adoptAgent(
  parts: FlowParts,
  held: HeldAgents,
  workspace: string,
  driver: AgentDriver,
): Promise<void> {
  if (held.of(workspace) !== undefined) return;
  try {
    const known = await parts.store.readSession(workspace);
    if (known === null) return await driver.end(workspace);
    if (known.agent !== driver.agent) return;
    const session = await driver.adopt(await readSpec(parts, workspace), createListener(parts, workspace));
    if (session !== null) held.take(workspace, session, known.lastActivityAt);
  } catch (error) {
    parts.log.warn({ workspace, error: String(error) }, 'session.not_adopted');
  }
}
