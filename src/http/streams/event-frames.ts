import type { EventRecord } from '../../core/model/event.ts';

/** An event as bytes. */
export interface EventFrame {
  /** Of a WebSocket's text frame. */
  readonly json: Buffer;
  /** Of a server-sent event. */
  readonly sse: Buffer;
}

const made = new WeakMap<EventRecord, EventFrame>();

/** Made once for all readers, who share the record. */
export function toFrame(event: EventRecord): EventFrame {
  const known = made.get(event);
  if (known !== undefined) return known;
  const { seq, type, requestId, workspace, at, data } = event;
  const json = JSON.stringify({ seq, type, requestId, workspace, at, data });
  const frame = { json: Buffer.from(json), sse: Buffer.from(`id: ${seq}\nevent: ${type}\ndata: ${json}\n\n`) };
  made.set(event, frame);
  return frame;
}
