/** Facts in the past tense, appended in the same transaction as the change they tell of. */
export type EventType =
  /** `{source, priority, position}`; `position` as below, null farther back. */
  | 'request.queued'
  /** Another place in the queue of its session, of those near its front: `{position}`, 1 for the next one. */
  | 'request.moved'
  /** While it waited, it got another prompt: `{characters}`. */
  | 'request.changed'
  | 'request.started'
  | 'request.submitting'
  | 'request.working'
  | 'request.requeued'
  | 'request.cancel_asked'
  /** The client that waited for the answer went away: `{priority}`, which is `background` when it was still queued. */
  | 'request.left'
  /** The ends: `{bytes}` of the answer, also of a part of one; those with a reason `{reason, retryable, bytes}`. */
  | 'request.completed'
  | 'request.failed'
  | 'request.timed_out'
  | 'request.cancelled'
  /** What a turn took, where that is known only behind its end: `{requestId, usage}`; `usage` null: nobody knows. It is
   *  of no request, whose last event is its end. */
  | 'usage.noted'
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
  /** What was owed to an address has ended: `{deliveryId, kind, requestId, attempts}`. None is of a request, whose last
   *  event is its end. */
  | 'delivery.sent'
  /** … with `error`, likewise the next. */
  | 'delivery.refused'
  | 'delivery.given_up'
  /** A session of quick tasks has its worktree: `{branch, fetch}`; `fetch`: what became of asking the remote first. */
  | 'quick.started'
  /** The cleanup ends it. */
  | 'quick.expired'
  /** It is gone, with its worktree: `{keptBranches}`, those that held commits which exist nowhere else. */
  | 'quick.deleted'
  | NoticeType;

/** What an agent's driver sees beside the way of a turn. */
export type NoticeType =
  | NarrationType
  /** The agent cannot reach its model and tries again: `{attempt, of}`. */
  | 'agent.retrying'
  /** The agent's program had been stopped, as by Ctrl-Z at its terminal, and was continued. */
  | 'agent.continued'
  /** Work in the background woke the agent again. */
  | 'agent.woken'
  /** A person typed a prompt of their own at the terminal: `{characters}`. */
  | 'person.prompted'
  /** A time came that the agent had set for itself, and began a turn: `{characters}`. */
  | 'schedule.fired'
  /** A prompt of neither a person at the terminal nor the gateway, as of another session of the same user:
   *  `{origin, characters}`; `origin` as the agent names it, `unknown` when it does not. */
  | 'other.prompted'
  /** A line that nobody was typing stood in the composer and was removed: `{characters}`. */
  | 'composer.cleared'
  /** The agent did not take Enter, so it was pressed again. */
  | 'enter.repeated'
  /** The agent began a turn that nobody asked for; it was interrupted. */
  | 'turn.unasked'
  /** The agent was in another permission mode than the configured one, and a request needed it: `{from, to, by}`; `by`:
   *  `keys`, or `restart` when the agent had to be started again for it. */
  | 'mode.set_back'
  /** A request runs in a new conversation, for the one before was lost: `{agentSessionId, why}`, the id of that one;
   *  `why`: `gone` or `unreadable`. */
  | 'conversation.lost'
  /** The conversation goes on under another id, as after `/clear`: `{agentSessionId}`. */
  | 'session.moved';

/** What the agent says and does in a turn. */
export type NarrationType =
  /** The next piece of its text: `{messageId, text, final}`. The pieces of a message, joined, are the message. */
  | 'agent.said'
  /** `{toolUseId, tool, summary, subagent}`; `summary` is one line about the input, `subagent` an id or null. */
  | 'tool.started'
  /** `{toolUseId, tool, ok, ms}`; `ms` null when nobody measured. A use that was denied may have no end. */
  | 'tool.ended';

const NARRATION: ReadonlySet<EventType> = new Set<NarrationType>(['agent.said', 'tool.started', 'tool.ended']);

export function isNarration(type: EventType): type is NarrationType {
  return NARRATION.has(type);
}

const ENDS: ReadonlySet<EventType> = new Set([
  'request.completed',
  'request.failed',
  'request.timed_out',
  'request.cancelled',
]);

/** The last one of its request. */
export function endsRequest({ type }: Pick<EventRecord, 'type'>): boolean {
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
