import { GatewayError } from '../../model/errors.ts';
import type { Reason, RequestEnd, RequestRecord } from '../../model/request.ts';
import { AgentStartError, type AgentSession, type TurnEnd, type TurnObserver } from '../../ports/agent.ts';
import type { TurnProgress } from '../../ports/store.ts';
import type { Approvals } from '../approvals/approvals.ts';
import { createDeadline } from '../deadline.ts';
import { appendNotice } from '../events/notices.ts';
import { driverOf, type FlowParts } from '../parts.ts';
import { SESSION_DELETED, type Ended } from '../requests/ends.ts';
import type { Agents } from '../sessions/agents/agents.ts';
import type { Starts } from '../sessions/agents/starts.ts';
import { untilStored } from '../until-stored.ts';

/** Why the gateway stopped a turn. The first cause wins. `let_go`: the process ends, the turn goes on in tmux. */
export type StopCause = 'cancelled' | 'deadline' | 'session_deleted' | 'let_go' | 'not_owner';

/** A turn that runs in this process. */
export interface RunningTurn {
  readonly request: RequestRecord;
  stop(cause: StopCause): void;
  /** Resolves when the turn is over here: ended in the store, or let go. */
  readonly done: Promise<void>;
}

/** How the turn is carried out: submitted anew, or rejoined after a restart. */
export type Carry = (session: AgentSession, observer: TurnObserver, signal: AbortSignal) => Promise<TurnEnd>;

export interface TurnDeps {
  readonly parts: FlowParts;
  readonly agents: Pick<Agents, 'close'>;
  readonly approvals: Approvals;
  readonly starts: Starts;
  readonly ended: Ended;
}

/** An agent that cannot be given the prompt is started anew, once. */
const SUBMISSION_TRIES = 2;

/** Runs a claimed request to its end. Never rejects. `heldMs`: for so long its deadline stood still before. */
export function startTurn(deps: TurnDeps, request: RequestRecord, carry: Carry, heldMs = 0): RunningTurn {
  const { parts } = deps;
  const stopping = new AbortController();
  const letGo = Promise.withResolvers<void>();
  let cause: StopCause | null = null;

  function stop(why: StopCause): void {
    cause ??= why;
    // A turn that is let go is not interrupted: the agent works on, and the next process finds it.
    if (cause === 'let_go') letGo.resolve();
    else stopping.abort();
  }

  const observer: TurnObserver = {
    prepared: (transcriptOffset) => note({ phase: 'preparing', transcriptOffset }),
    submitting: () => note({ phase: 'submitting' }),
    asked: (ask, settled) => approvals.asked(ask, settled),
    async working() {
      if (request.phase === 'working' || request.phase === 'waiting_approval') return;
      // The agent has the prompt whether or not the disk takes the note; after a crash the transcript tells.
      await note({ phase: 'working' }).catch((error: unknown) => {
        if (cause === 'not_owner') throw error;
        parts.log.error({ requestId: request.id, error: String(error) }, 'turn.step_not_stored');
      });
    },
    noticed: (notice) => appendNotice(parts, request.workspace, request.id, notice),
  };

  const spentMs = parts.clock.now() - (request.startedAt ?? parts.clock.now()) - heldMs;
  const deadline = createDeadline(parts.clock, request.timeoutMs - spentMs, () => stop('deadline'));
  const approvals = deps.approvals.ofTurn(request, deadline);
  if (request.cancelAskedAt !== null) stop('cancelled');

  const done = Promise.race([run(), letGo.promise]).finally(() => {
    deadline.callOff();
    approvals.close();
  });
  return { request, stop, done };

  async function run(): Promise<void> {
    const end = await carryOut().catch(toFailure);
    if (cause === 'let_go' || cause === 'not_owner') return;
    await approvals.stored();
    const outcome = toRequestEnd(end, cause, request);
    const now = parts.clock.now();
    // In the same tick, so that both share one sync.
    const touched = parts.store
      .updateSession(request.workspace, { lastActivityAt: now })
      .catch((error: unknown) => parts.log.warn({ error: String(error) }, 'session.not_touched'));
    const isOurs = await untilStored(
      parts,
      'turn.end_not_stored',
      () => cause === 'let_go',
      () => parts.store.end(request, outcome, now),
    );
    await touched;
    if (isOurs !== true) return;
    parts.log.info(
      {
        requestId: request.id,
        workspace: request.workspace,
        state: outcome.state,
        reason: outcome.reason,
        text: outcome.text,
        ms: now - (request.startedAt ?? now),
      },
      'turn.ended',
    );
    deps.ended(request, outcome);
  }

  async function carryOut(): Promise<TurnEnd> {
    const ready = await driverOf(parts, request.agent).check();
    if (!ready.installed || !ready.credentials) {
      return {
        kind: 'failed',
        reason: 'agent_unavailable',
        error: ready.hint ?? 'The agent cannot be started.',
        text: null,
      };
    }
    for (let attempt = 1; ; attempt += 1) {
      const session = await deps.starts.acquire(request, stopping.signal);
      // A turn that is rejoined runs already: only its session can stop it.
      const isRunning = request.phase !== 'preparing';
      if (stopping.signal.aborted && !isRunning) return { kind: 'interrupted', text: null };
      const end = await carry(session, observer, stopping.signal);
      if (end.kind !== 'unsubmitted') return end;
      parts.log.warn({ requestId: request.id, attempt, why: end.why }, 'turn.not_submitted');
      await deps.agents.close(request.workspace);
      if (attempt === SUBMISSION_TRIES) return { kind: 'failed', reason: 'agent_error', error: end.why, text: null };
    }
  }

  async function note(progress: TurnProgress): Promise<void> {
    // The driver stands still at this point; no step is taken that no process answers for.
    if (cause === 'let_go') return new Promise(() => {});
    if (await parts.store.progress(request, progress, parts.clock.now())) return;
    stop('not_owner');
    throw new GatewayError('internal', 'this turn has another owner');
  }

  async function toFailure(error: unknown): Promise<TurnEnd> {
    if (stopping.signal.aborted) return { kind: 'interrupted', text: null };
    const reason = reasonOf(error);
    if (reason === 'internal' && cause !== 'let_go') {
      parts.log.error({ requestId: request.id, error: String(error) }, 'turn.broke');
      // Nobody knows what the agent is doing: the next turn gets a fresh one.
      await deps.agents.close(request.workspace).catch(() => {});
    }
    const message =
      error instanceof Error && reason !== 'internal'
        ? error.message
        : 'The gateway failed in this turn; its log says how.';
    return { kind: 'failed', reason, error: message, text: null };
  }
}

function reasonOf(error: unknown): Reason {
  if (error instanceof AgentStartError) return error.reason;
  if (!(error instanceof GatewayError)) return 'internal';
  if (error.code === 'agent_unavailable') return 'agent_unavailable';
  if (error.code === 'invalid_field') return 'workspace_invalid';
  return error.code === 'not_found' ? 'session_deleted' : 'internal';
}

/** An end that the agent told stands; what the gateway stopped has the gateway's cause. */
export function toRequestEnd(end: TurnEnd, cause: StopCause | null, request: RequestRecord): RequestEnd {
  switch (end.kind) {
    case 'completed':
      return { state: 'completed', reason: null, error: null, text: end.text, usage: end.usage };
    case 'failed':
      return { state: 'failed', reason: end.reason, error: end.error, text: end.text, usage: null };
    case 'interrupted':
      return { ...stopped(cause, request), text: end.text, usage: null };
    case 'unsubmitted':
      return { state: 'failed', reason: 'agent_error', error: end.why, text: null, usage: null };
  }
}

function stopped(cause: StopCause | null, request: RequestRecord): Pick<RequestEnd, 'state' | 'reason' | 'error'> {
  switch (cause) {
    case 'cancelled':
      return { state: 'cancelled', reason: null, error: null };
    case 'deadline':
      return {
        state: 'timed_out',
        reason: 'turn_timeout',
        error: `The turn did not end within ${request.timeoutMs} ms; ask for more with timeoutMs.`,
      };
    case 'session_deleted':
      return SESSION_DELETED;
    case 'let_go':
    case 'not_owner':
    case null:
      return { state: 'failed', reason: 'internal', error: 'The turn was interrupted without a cause.' };
  }
}
