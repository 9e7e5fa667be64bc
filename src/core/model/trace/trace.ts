/** Where a request stands in a trace of others, by W3C Trace Context. */
export interface Trace {
  /** What it hands on to all that works for it: `00-<trace id>-<span id>-<flags>`. */
  readonly traceparent: string;
  /** The span of its caller; null where the trace begins with it, or where the gateway has no spans of its own. */
  readonly callerSpan: string | null;
}

export interface TraceParts {
  /** 32 digits in hex. */
  readonly traceId: string;
  /** 16 digits in hex. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** Null for what is none: a caller's mistake in it is no reason to refuse its work. */
export function parseTraceparent(text: string): TraceParts | null {
  const found = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text);
  if (found === null) return null;
  const [, version, traceId = '', spanId = '', flags = '', more] = found;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  // Later versions may say more, and this one may not.
  if (version === '00' && more !== undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function toTraceparent({ traceId, spanId, isSampled }: TraceParts): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
