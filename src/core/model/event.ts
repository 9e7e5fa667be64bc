/** Facts in the past tense, appended in the same transaction as the change they tell of. */
export type EventType =
  | 'request.queued'
  | 'request.started'
  | 'request.submitting'
  | 'request.working'
  | 'request.requeued'
  | 'request.cancel_asked'
  | 'request.completed'
  | 'request.failed'
  | 'request.timed_out'
  | 'request.cancelled'
  | 'permission.denied'
  | 'session.created'
  | 'session.deleted';

export interface EventRecord {
  /** Global, rising, without reuse. */
  readonly seq: number;
  readonly type: EventType;
  readonly requestId: string | null;
  readonly workspace: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}
