import type { AgentName } from '../../model/agent.ts';
import type { RequestEnd, RequestRecord } from '../../model/request.ts';
import type { ProbeOutcome } from '../../ports/agent.ts';
import type { Pause } from '../../ports/gateway/requests.ts';
import type { FlowParts } from '../parts.ts';
import { createProbes } from './probes.ts';

/** Whether the queues of an agent stand still, because its account can do nothing for now. */
export interface Pauses {
  of(agent: AgentName): Pause | null;
  /** Goes on with a pause of an earlier process, and asks the agent at once. */
  restore(): Promise<void>;
  /** An end that tells of a usage limit or an expired login begins a pause; an answer ends it. */
  note(request: RequestRecord, end: RequestEnd): void;
  /** Ends the probes. */
  stop(): Promise<void>;
}

const LONGEST_PROBE_MS = 5 * 60_000;

interface Paused {
  pause: Pause;
  intervalMs: number;
  /** Of the request that found out. */
  readonly workspace: string;
}

/** A pause ends by itself: after `PAUSE_PROBE_MS`, and then at intervals that double up to five minutes, the agent is asked
 *  for a word. */
export function createPauses(parts: FlowParts, resumed: (agent: AgentName) => void): Pauses {
  const { store, clock, log } = parts;
  const { pauseProbeMs } = parts.settings;
  const paused = new Map<AgentName, Paused>();
  const probes = createProbes(parts);

  function begin({ agent, workspace }: RequestRecord, reason: Pause['reason'], message: string): void {
    if (paused.has(agent)) return;
    const now = clock.now();
    const pause = { reason, message, since: now, nextProbeAt: now + pauseProbeMs };
    const entry: Paused = { pause, intervalMs: pauseProbeMs, workspace };
    paused.set(agent, entry);
    log.warn({ agent, reason }, 'agent.paused');
    append(parts, 'agent.paused', workspace, { agent, reason, message });
    probes.plan(agent, pauseProbeMs, (outcome) => told(agent, entry, outcome));
  }

  function told(agent: AgentName, entry: Paused, outcome: ProbeOutcome): void {
    if (paused.get(agent) !== entry) return;
    if (outcome.kind === 'answers') return end(agent);
    entry.intervalMs = Math.min(entry.intervalMs * 2, LONGEST_PROBE_MS);
    entry.pause = { ...entry.pause, message: outcome.error, nextProbeAt: clock.now() + entry.intervalMs };
    probes.plan(agent, entry.intervalMs, (next) => told(agent, entry, next));
  }

  function end(agent: AgentName): void {
    const entry = paused.get(agent);
    if (entry === undefined) return;
    paused.delete(agent);
    probes.callOff(agent);
    log.info({ agent, ms: clock.now() - entry.pause.since }, 'agent.resumed');
    append(parts, 'agent.resumed', entry.workspace, { agent });
    resumed(agent);
  }

  return {
    of: (agent) => paused.get(agent)?.pause ?? null,
    async restore() {
      const last = await store.readLastPauseEvent();
      if (last?.type !== 'agent.paused') return;
      const { agent, reason, message } = last.data as { readonly agent: AgentName } & Pick<Pause, 'reason' | 'message'>;
      const pause = { reason, message, since: last.at, nextProbeAt: clock.now() };
      const entry: Paused = { pause, intervalMs: pauseProbeMs, workspace: last.workspace };
      paused.set(agent, entry);
      log.warn({ agent, reason }, 'agent.still_paused');
      probes.plan(agent, 0, (outcome) => told(agent, entry, outcome));
    },
    note(request, { state, reason, error }) {
      if (state === 'completed') end(request.agent);
      if (reason === 'usage_limited' || reason === 'auth_expired') begin(request, reason, error ?? reason);
    },
    stop: () => probes.stop(),
  };
}

function append(
  { store, clock, log }: FlowParts,
  type: 'agent.paused' | 'agent.resumed',
  workspace: string,
  data: { readonly agent: AgentName } & Partial<Pick<Pause, 'reason' | 'message'>>,
): void {
  const event = { type, requestId: null, workspace, at: clock.now(), data: { ...data } };
  store.appendEvent(event).catch((error: unknown) => {
    log.error({ agent: data.agent, type, error: String(error) }, 'event.lost');
  });
}
