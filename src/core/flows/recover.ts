import type { EndState, Reason, RequestEnd, RequestRecord } from '../model/request.ts';
import { isNarration, type EventRecord } from '../model/event.ts';
import type { Usage } from '../model/usage/usage.ts';
import type { Notice, TurnTrace } from '../ports/agent.ts';
import type { Store } from '../ports/store.ts';
import { timeHeld } from './deadline.ts';
import type { Lanes } from './queue/lanes/lanes.ts';
import { driverOf, type FlowParts } from './parts.ts';
import { CANCELLED, SESSION_DELETED, type Ended } from './requests/ends.ts';
import type { Agents } from './sessions/agents/agents.ts';
import { createListener, readSpec } from './sessions/agents/session-spec.ts';
import type { Carry } from './turns/carry-out.ts';
import { toRequestEnd } from './turns/request-end.ts';
import type { LateUsage } from './usage/late-usage.ts';

export interface RecoverDeps {
  readonly parts: FlowParts;
  readonly agents: Pick<Agents, 'take' | 'adopt'>;
  readonly lanes: Pick<Lanes, 'kick' | 'resume'>;
  readonly ended: Ended;
  readonly lateUsage: Pick<LateUsage, 'follow'>;
}

/** Finds every request that an earlier process left running, and wakes every lane that has work.
 *  Resolves once each running one has ended, is queued again, or is rejoined. */
export async function recover(deps: RecoverDeps): Promise<void> {
  const { store, log } = deps.parts;
  const unnoted = await store.listUsagePending();
  const unended = await store.listUnended();
  const running = unended.filter((request) => request.state === 'running');
  await Promise.all(
    running.map(async (request) => {
      const outcome = await recoverOne(deps, request).catch(async (error: unknown) => {
        log.error({ requestId: request.id, error: String(error) }, 'recover.failed');
        return end(deps, request, failed('internal', 'The gateway could not find out what became of this turn.', null));
      });
      log.info({ requestId: request.id, phase: request.phase, outcome }, 'turn.recovered');
    }),
  );
  await adoptIdle(deps);
  for (const request of unnoted) deps.lateUsage.follow(request, readUsage(deps, request));
  for (const { workspace, agent } of unended) deps.lanes.kick(workspace, agent);
}

/** What a turn took whose end is stored. Never rejects. */
async function readUsage({ parts }: RecoverDeps, request: RequestRecord): Promise<Usage | null> {
  const { id, workspace, agent, prompt, transcriptOffset, state } = request;
  try {
    // Its conversation is forgotten.
    if ((await parts.store.readSession(workspace)) === null) return null;
    const kind = state === 'completed' || state === 'failed' ? state : 'interrupted';
    const spec = await readSpec(parts, workspace);
    return await driverOf(parts, agent).readUsage(spec, { prompt, transcriptOffset, kind });
  } catch (error) {
    parts.log.error({ requestId: id, error: String(error) }, 'usage.not_read');
    return null;
  }
}

/** Agents that wait for work since before the start. */
async function adoptIdle({ parts, agents }: RecoverDeps): Promise<void> {
  for (const driver of parts.drivers.values()) {
    const live = await driver.listLive().catch((error: unknown) => {
      parts.log.warn({ agent: driver.agent, error: String(error) }, 'agents.not_listed');
      return [];
    });
    await Promise.all(live.map((workspace) => agents.adopt(workspace, driver)));
  }
}

type Outcome = 'requeued' | 'rejoined' | EndState;

async function recoverOne(deps: RecoverDeps, request: RequestRecord): Promise<Outcome> {
  const { parts, agents, lanes } = deps;
  const { phase, prompt, transcriptOffset, workspace } = request;
  const driver = driverOf(parts, request.agent);
  // The earlier process ended in the middle of its deletion.
  if ((await parts.store.readSession(workspace)) === null) {
    await driver.end(workspace);
    return end(deps, request, SESSION_DELETED);
  }
  // Before its prompt was pasted, the agent may have asked something of its own.
  const reported = phase === 'working' || (phase === 'waiting_approval' && transcriptOffset !== null);
  const past = { prompt, transcriptOffset, entered: reported || phase === 'submitting', reported };
  const spec = await readSpec(parts, workspace);
  const trace = await driver.trace(spec, past, createListener(parts, workspace));
  if ((trace.kind === 'alive' || trace.kind === 'unsubmitted') && trace.session !== null) {
    await parts.store.updateSession(workspace, { agentSessionId: trace.session.agentSessionId });
    agents.take(workspace, trace.session);
  }
  if (trace.kind === 'alive') {
    const { approvals } = await parts.store.listApprovals({ requestId: request.id }, APPROVALS_MAX);
    const open = approvals.filter(({ state }) => state === 'open').toReversed();
    const spans = approvals.map(({ createdAt, decidedAt }) => ({ from: createdAt, until: decidedAt }));
    const traceparent = request.trace?.traceparent ?? null;
    const carry: Carry = async (session, observer, signal) => {
      if (session !== trace.session && !reported) return session.runTurn(prompt, observer, signal, traceparent);
      // It had the prompt, whatever its agent says now.
      if (session !== trace.session) return { kind: 'failed', reason: 'host_restarted', error: CUT_OFF, text: null };
      const told = await readNarration(parts.store, request.id);
      const begunAt = request.startedAt ?? request.createdAt;
      const past = { prompt, transcriptOffset: transcriptOffset ?? 0, begunAt, open, told, traceparent };
      const end = await session.rejoinTurn(past, observer, signal);
      // A cancel that was on disk before the restart stands, whatever the agent made of the time.
      const isOverruled = end.kind === 'completed' && request.cancelAskedAt !== null;
      return isOverruled ? { ...end, kind: 'interrupted' } : end;
    };
    lanes.resume(request, carry, timeHeld(spans, parts.clock.now()));
    return 'rejoined';
  }
  if (request.cancelAskedAt !== null) {
    return end(deps, request, { ...CANCELLED, text: textOf(trace), usage: usageOf(trace) });
  }
  const isUnsubmitted =
    trace.kind === 'unsubmitted' || ((phase === 'preparing' || transcriptOffset === null) && trace.kind === 'no_proof');
  if (isUnsubmitted) {
    await parts.store.requeue(request, parts.clock.now());
    return 'requeued';
  }
  return endFromTrace(deps, request, trace, reported);
}

async function endFromTrace(
  deps: RecoverDeps,
  request: RequestRecord,
  trace: Exclude<TurnTrace, { kind: 'alive' | 'unsubmitted' }>,
  reported: boolean,
): Promise<Outcome> {
  switch (trace.kind) {
    case 'ended':
      return end(deps, request, toRequestEnd(trace.end, null, request));
    case 'cut_off':
      return end(deps, request, failed('host_restarted', HOST_RESTARTED, trace.text, trace.usage));
    case 'no_proof':
      return end(
        deps,
        request,
        reported
          ? failed('host_restarted', HOST_RESTARTED, null)
          : failed('submission_unknown', SUBMISSION_UNKNOWN, null),
      );
  }
}

/** What was told of the present run. */
async function readNarration(store: Store, requestId: string): Promise<readonly Notice[]> {
  let told: Notice[] = [];
  for (let after = 0, events = await readOn(after); events.length > 0; events = await readOn(after)) {
    for (const { seq, type, data } of events) {
      if (type === 'request.started') told = [];
      if (isNarration(type)) told.push({ type, data });
      after = seq;
    }
  }
  return told;

  function readOn(after: number): Promise<readonly EventRecord[]> {
    return store.listEvents(after, EVENTS_AT_ONCE, { requestId });
  }
}

const EVENTS_AT_ONCE = 1_000;
const APPROVALS_MAX = 10_000;

const HOST_RESTARTED =
  'The agent ended with its host while it worked on this request. Look at what it did, then send it again.';
const CUT_OFF = 'The agent was lost while it worked on this request. Look at what it did, then send it again.';
const SUBMISSION_UNKNOWN =
  'The gateway ended in the moment of submission, and nothing proves whether the agent got the prompt. Look at what it did before you send it again.';

function textOf(trace: TurnTrace): string | null {
  if (trace.kind === 'cut_off') return trace.text;
  return trace.kind === 'ended' && trace.end.kind !== 'unsubmitted' ? trace.end.text : null;
}

function usageOf(trace: TurnTrace): Usage | null {
  if (trace.kind === 'cut_off') return trace.usage;
  return trace.kind === 'ended' && trace.end.kind !== 'unsubmitted' ? (trace.end.usage ?? null) : null;
}

function failed(reason: Reason, error: string, text: string | null, usage: Usage | null = null): RequestEnd {
  return { state: 'failed', reason, error, text, usage };
}

async function end({ parts, ended }: RecoverDeps, request: RequestRecord, outcome: RequestEnd): Promise<EndState> {
  await parts.store.end(request, outcome, parts.clock.now());
  ended(request, outcome);
  return outcome.state;
}
