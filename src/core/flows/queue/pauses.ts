import type { AgentName } from '../../model/agent.ts';
import type { RequestEnd, RequestRecord } from '../../model/request.ts';
import type { Pause } from '../../ports/gateway/requests.ts';
import { driverOf, type FlowParts } from '../parts.ts';

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
  callOff: () => void;
  readonly workspace: string;
}

/** A pause ends by itself: after `PAUSE_PROBE_MS`, and then at intervals that double up to five minutes, the agent is asked
 *  for a word outside of all sessions. No prompt of a user is spent on finding out. */
export function createPauses(parts: FlowParts, resumed: (agent: AgentName) => void): Pauses {
  const { clock, log } = parts;
  const { pauseProbeMs } = parts.settings;
  const paused = new Map<AgentName, Paused>();
  const stopping = new AbortController();
  let probing: Promise<void> = Promise.resolve();

  function begin(agent: AgentName, workspace: string, reason: Pause['reason'], message: string): void {
    const known = paused.get(agent);
    if (known !== undefined) return;
    const now = clock.now();
    const pause = { reason, message, since: now, nextProbeAt: now + pauseProbeMs };
    const entry: Paused = { pause, intervalMs: pauseProbeMs, callOff: () => {}, workspace };
    paused.set(agent, entry);
    log.warn({ agent, reason }, 'agent.paused');
    append('agent.paused', agent, entry, { agent, reason, message });
    schedule(agent, entry, entry.intervalMs);
  }

  async function restore(): Promise<void> {
    const last = await parts.store.readLastPauseEvent();
    if (last?.type !== 'agent.paused') return;
    const { agent, reason, message } = last.data as { readonly agent: AgentName } & Pick<Pause, 'reason' | 'message'>;
    const pause = { reason, message, since: last.at, nextProbeAt: clock.now() };
    const entry: Paused = { pause, intervalMs: pauseProbeMs, callOff: () => {}, workspace: last.workspace };
    paused.set(agent, entry);
    log.warn({ agent, reason }, 'agent.still_paused');
    schedule(agent, entry, 0);
  }

  function schedule(agent: AgentName, entry: Paused, ms: number): void {
    entry.callOff = clock.after(ms, () => {
      probing = probe(agent, entry).catch((error: unknown) =>
        log.error({ agent, error: String(error) }, 'probe.broke'),
      );
    });
  }

  async function probe(agent: AgentName, entry: Paused): Promise<void> {
    const outcome = await driverOf(parts, agent).probe(stopping.signal);
    if (stopping.signal.aborted || paused.get(agent) !== entry) return;
    if (outcome.kind === 'answers') return end(agent);
    entry.intervalMs = Math.min(entry.intervalMs * 2, LONGEST_PROBE_MS);
    const message = outcome.error;
    entry.pause = { ...entry.pause, message, nextProbeAt: clock.now() + entry.intervalMs };
    schedule(agent, entry, entry.intervalMs);
  }

  function end(agent: AgentName): void {
    const entry = paused.get(agent);
    if (entry === undefined) return;
    paused.delete(agent);
    entry.callOff();
    log.info({ agent, ms: clock.now() - entry.pause.since }, 'agent.resumed');
    append('agent.resumed', agent, entry, { agent });
    resumed(agent);
  }

  function append(type: 'agent.paused' | 'agent.resumed', agent: AgentName, { workspace }: Paused, data: object): void {
    const event = { type, requestId: null, workspace, at: clock.now(), data: { ...data } };
    parts.store.appendEvent(event).catch((error: unknown) => {
      log.error({ agent, type, error: String(error) }, 'event.lost');
    });
  }

  return {
    of: (agent) => paused.get(agent)?.pause ?? null,
    restore,
    note(request, { state, reason, error }) {
      if (state === 'completed') end(request.agent);
      if (reason === 'usage_limited' || reason === 'auth_expired')
        begin(request.agent, request.workspace, reason, error ?? reason);
    },
    async stop() {
      stopping.abort();
      for (const { callOff } of paused.values()) callOff();
      await probing;
    },
  };
}
