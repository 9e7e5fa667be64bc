import type { RequestEnd, RequestRecord } from '../../model/request.ts';

/** Told of an end after it is on disk. */
export type Ended = (request: RequestRecord, end: RequestEnd) => void;

/** Before there was an answer, or a part of one. */
const unanswered = { text: null, usage: null } as const;

export const CANCELLED: RequestEnd = { state: 'cancelled', reason: null, error: null, ...unanswered };

export const SESSION_DELETED: RequestEnd = {
  state: 'failed',
  reason: 'session_deleted',
  error: 'The session was deleted while the request was active.',
  ...unanswered,
};
