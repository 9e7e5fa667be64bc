import { parseTraceparent, toTraceparent, type Trace } from '../model/trace/trace.ts';
import type { FlowParts } from './parts.ts';

/** What a request hands on. Where the gateway tells spans it is one of them, below its caller's; otherwise what works for
 *  the request stands directly below its caller. */
export function toTrace({ ids, settings }: Pick<FlowParts, 'ids' | 'settings'>, given = ''): Trace | null {
  const caller = parseTraceparent(given);
  if (!settings.isTraced) return caller === null ? null : { traceparent: toTraceparent(caller), callerSpan: null };
  const { traceId, isSampled } = caller ?? { traceId: ids.traceId(), isSampled: true };
  const traceparent = toTraceparent({ traceId, spanId: ids.spanId(), isSampled });
  return { traceparent, callerSpan: caller?.spanId ?? null };
}
