/** Facts in the past tense, appended in the same transaction as the change they tell of. */
export type EventType =
  | 'request.queued'
  | 'request.started'
  | 'request.submitting'
  | 'request.working'
  | 'request.requeued'
  | 'request.cancel_asked'
  /** The client that waited for the answer went away: `{priority}`, which is `background` when it was still queued. */
  | 'request.left'
  | 'request.completed'
  | 'request.failed'
  | 'request.timed_out'
  | 'request.cancelled'
  | 'session.created'
  /** An agent began: `{resumed, ms}`; `resumed`: with the conversation that the session had before. */
  | 'session.started'
  /** Its agent was ended and keeps its conversation. */
  | 'session.slept'
  | 'session.deleted'
  /** The account of an agent can do nothing for now, so its queues stand still: `{agent, reason, message}`. */
  | 'agent.paused'
  | 'agent.resumed'
  /** The turn waits for a decision: `{approvalId, kind, tool}`. */
  | 'approval.opened'
  /** `{approvalId, by}` */
  | 'approval.allowed'
  | 'approval.denied'
  | 'approval.expired'
  | NoticeType;

/** What an agent's driver sees beside the way of a turn. */
export type NoticeType =
  /** The agent cannot reach its model and tries again: `{attempt, of}`. */
  | 'agent.retrying'
  /** Work in the background woke the agent again. */
  | 'agent.woken'
  /** A person typed a prompt of their own at the terminal: `{characters}`. */
  | 'person.prompted'
  /** A line that nobody was typing stood in the composer and was removed: `{characters}`. */
  | 'composer.cleared'
  /** The agent did not take Enter, so it was pressed again. */
  | 'enter.repeated'
  /** The agent began a turn that nobody asked for; it was interrupted. */
  | 'turn.unasked'
  /** The conversation goes on under another id, as after `/clear`: `{agentSessionId}`. */
  | 'session.moved';

const ENDS: ReadonlySet<EventType> = new Set([
  'request.completed',
  'request.failed',
  'request.timed_out',
  'request.cancelled',
]);

/** The last one of its request. */
export function endsRequest({ type }: EventRecord): boolean {
  return ENDS.has(type);
}

export interface EventRecord {
  /** Global, rising, without reuse. */
  readonly seq: number;
  readonly type: EventType;
  readonly requestId: string | null;
  readonly workspace: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}
