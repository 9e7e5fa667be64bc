import type {
  HookCall,
  HookEvent,
  OnErrorFields,
  PostSessionFields,
  PreSessionFields,
} from '../../core/model/hooks/contexts.ts';

export type HookFields = PreSessionFields | PostSessionFields | OnErrorFields;

/** What a hook is called for. */
export interface HookTold {
  readonly event: HookEvent;
  readonly eventId: string;
  readonly fields: HookFields;
  /** Absent: the request has none. */
  readonly traceparent?: string | undefined;
}

/** What a hook is told, as JSON: `type` first, then flat ids for programs that know no other, its event's fields, and
 *  `identity`. */
export function toBody(
  event: HookEvent,
  { identity, ...fields }: HookFields,
  { event_id, config, traceparent }: HookCall,
): string {
  return JSON.stringify({
    type: event,
    sender_id: toFlatId(identity.user_id),
    chat_id: toFlatId(identity.channel_id),
    thread_id: toFlatId(identity.thread_id),
    ...fields,
    identity,
    event_id,
    config,
    traceparent,
  });
}

/** A number where the id is one, in its own digits: those of Discord are longer than a number is exact. */
function toFlatId(id: string | null): unknown {
  return id !== null && /^(?:0|-?[1-9]\d*)$/.test(id) ? JSON.rawJSON(id) : id;
}
