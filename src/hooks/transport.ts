import { GatewayError } from '../core/model/errors.ts';
import type { DueDelivery, Outcome, Transport, TransportPolicy } from '../core/ports/transport.ts';
import type { HookEntry } from './file/entry.ts';
import { TIMEOUT_MAX_MS } from './file/schema.ts';
import type { RunEnd } from './run/order.ts';
import type { HookTold } from './words/body.ts';
import { toOnError, toPostSession } from './words/after.ts';

const PREFIX = 'hook:';

/** A hook that fails is called so often again, and no more: what comes behind it in its lane waits meanwhile. */
const RETRY_MS = [1_000, 10_000, 60_000, 300_000] as const;

const POLICY: TransportPolicy = {
  retryMs: RETRY_MS,
  // The hook's own time is up before.
  timeoutMs: TIMEOUT_MAX_MS + 10_000,
  concurrency: 8,
  pauseAfterMs: Infinity,
  budgets: [],
};

export interface HookTransportDeps {
  find(name: string): HookEntry | undefined;
  call(hook: HookEntry, told: HookTold, signal: AbortSignal): Promise<RunEnd>;
  problems(): readonly string[];
}

/** Tells hooks of ends, `hook:<name>`. A repeat has the same `event_id`. */
export function createHookTransport({ find, call, problems }: HookTransportDeps): Transport {
  return {
    name: 'hook',
    example: null,
    policy: POLICY,
    problems,
    parseAddress(_address, field) {
      throw new GatewayError('invalid_field', `${field}: hooks are told by HOOKS_FILE`, { field });
    },
    async deliver(delivery, signal) {
      const hook = find(delivery.to.slice(PREFIX.length));
      if (hook === undefined) return { kind: 'refused', error: 'HOOKS_FILE has no hook of this name any more' };
      const told = toTold(delivery);
      if (told === null) return { kind: 'refused', error: 'nobody knows what to tell' };
      return toOutcome(delivery, await call(hook, told, signal));
    },
  };
}

function toTold({ id: eventId, event: { data }, request }: DueDelivery): HookTold | null {
  if (request === null) return null;
  const traceparent = request.trace?.traceparent;
  switch (data.hook) {
    case 'post_session':
      return { event: data.hook, eventId, fields: toPostSession(request), traceparent };
    case 'on_error':
      return { event: data.hook, eventId, fields: toOnError(request), traceparent };
    default:
      return null;
  }
}

function toOutcome({ attempts }: DueDelivery, end: RunEnd): Outcome {
  if (end.kind === 'done') return { kind: 'sent' };
  const lastWords = end.complaint.trim().split('\n').at(-1) ?? '';
  const error = `it ${end.why}${lastWords === '' ? '' : `: ${lastWords.slice(0, 300)}`}`;
  return attempts > RETRY_MS.length ? { kind: 'refused', error } : { kind: 'retry', error };
}
