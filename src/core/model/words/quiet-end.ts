import { transportOf } from '../delivery.ts';
import type { RequestRecord } from '../request.ts';

/** Whether the end of a request needs no message of its own in its thread: it was cancelled before it ran, or the thread
 *  itself had asked for it; the message that shows how it gets on says so. What it had written by then is told. */
export function isQuietEnd({ state, startedAt, source, replyTo, text }: RequestRecord): boolean {
  if (state !== 'cancelled' || (text ?? '').trim() !== '') return false;
  return startedAt === null || isAskedThere({ source, replyTo });
}

/** And the thread that it is told in had not asked for it: nothing else says there how it ended. */
export function isQuietElsewhere(request: RequestRecord): boolean {
  return isQuietEnd(request) && !isAskedThere(request);
}

/** Asked in the thread that it is told in. */
function isAskedThere({ source, replyTo }: Pick<RequestRecord, 'source' | 'replyTo'>): boolean {
  return replyTo !== null && source === transportOf(replyTo);
}
