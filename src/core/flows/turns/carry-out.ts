import { GatewayError } from '../../model/errors.ts';
import type { Reason, RequestRecord } from '../../model/request.ts';
import { AgentStartError, type AgentSession, type TurnEnd, type TurnObserver } from '../../ports/agent.ts';
import { driverOf, type FlowParts } from '../parts.ts';
import type { Agents } from '../sessions/agents/agents.ts';
import type { Starts } from '../sessions/agents/starts.ts';
import type { Stopping } from './stopping.ts';

/** How the turn is carried out: submitted anew, or rejoined after a restart. */
export type Carry = (session: AgentSession, observer: TurnObserver, signal: AbortSignal) => Promise<TurnEnd>;

export interface CarryDeps {
  readonly parts: FlowParts;
  readonly agents: Pick<Agents, 'close'>;
  readonly starts: Starts;
}

/** The turn that is carried out. */
export interface Carried {
  readonly request: RequestRecord;
  readonly carry: Carry;
  readonly observer: TurnObserver;
  readonly stopping: Stopping;
}

/** An agent that cannot be given the prompt is started anew, once. */
const SUBMISSION_TRIES = 2;

/** Gives the request to a live agent. Never rejects: what goes wrong is an end, too. */
export function carryOut(deps: CarryDeps, turn: Carried): Promise<TurnEnd> {
  return carry(deps, turn).catch((error: unknown) => toFailure(deps, turn, error));
}

async function carry({ parts, agents, starts }: CarryDeps, turn: Carried): Promise<TurnEnd> {
  const { request, observer } = turn;
  const { signal } = turn.stopping;
  const ready = await driverOf(parts, request.agent).check();
  if (!ready.installed || !ready.credentials) {
    const error = ready.hint ?? 'The agent cannot be started.';
    return { kind: 'failed', reason: 'agent_unavailable', error, text: null };
  }
  for (let attempt = 1; ; attempt += 1) {
    const session = await starts.acquire(request, signal, observer.asked);
    // A turn that is rejoined runs already: only its session can stop it.
    const isRunning = request.phase !== 'preparing';
    if (signal.aborted && !isRunning) return { kind: 'interrupted', text: null };
    const end = await turn.carry(session, observer, signal);
    if (end.kind !== 'unsubmitted') return end;
    parts.log.warn({ requestId: request.id, attempt, why: end.why }, 'turn.not_submitted');
    await agents.close(request.workspace);
    if (attempt === SUBMISSION_TRIES) return { kind: 'failed', reason: 'agent_error', error: end.why, text: null };
  }
}

async function toFailure({ parts, agents }: CarryDeps, turn: Carried, error: unknown): Promise<TurnEnd> {
  const { request, stopping } = turn;
  if (stopping.signal.aborted) return { kind: 'interrupted', text: null };
  const reason = reasonOf(error);
  if (reason === 'internal' && stopping.cause() !== 'let_go') {
    const stack = error instanceof Error ? error.stack : undefined;
    parts.log.error({ requestId: request.id, error: String(error), stack }, 'turn.broke');
    // Nobody knows what the agent is doing: the next turn gets a fresh one.
    await agents.close(request.workspace).catch(() => {});
  }
  const message =
    error instanceof Error && reason !== 'internal'
      ? error.message
      : 'The gateway failed in this turn; its log says how.';
  return { kind: 'failed', reason, error: message, text: null };
}

function reasonOf(error: unknown): Reason {
  if (error instanceof AgentStartError) return error.reason;
  if (!(error instanceof GatewayError)) return 'internal';
  if (error.code === 'agent_unavailable') return 'agent_unavailable';
  if (error.code === 'invalid_field') return 'workspace_invalid';
  return error.code === 'not_found' ? 'session_deleted' : 'internal';
}
