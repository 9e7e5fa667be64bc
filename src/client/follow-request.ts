import type { components } from './api.ts';
import type { Door } from './door.ts';
import { createPauses, refuse } from './reconnect.ts';

type Event = components['schemas']['Event'];

export async function* followRequest(
  { url, key }: Door,
  requestId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Event, void, void> {
  const pauses = createPauses();
  const address = `${url}/status/${encodeURIComponent(requestId)}/events`;
  for (let last = after; ;) {
    try {
      const headers = { ...(key !== null && { 'X-API-Key': key }), ...(last > 0 && { 'Last-Event-ID': String(last) }) };
      const response = await fetch(address, { headers, signal });
      // Behind its end.
      if (response.status === 204) return;
      if (!response.ok || response.body === null) await refuse(response);
      pauses.reset();
      for await (const event of readEvents(response.body ?? new ReadableStream())) {
        last = event.seq;
        yield event;
        if (isEnd(event)) return;
      }
      await pauses.rest(new Error('the stream ended before its request'), signal);
    } catch (error) {
      signal.throwIfAborted();
      await pauses.rest(error, signal);
    }
  }
}

const ENDS: readonly string[] = ['request.completed', 'request.failed', 'request.timed_out', 'request.cancelled'];

function isEnd({ type }: Event): boolean {
  return ENDS.includes(type);
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<Event, void, void> {
  let rest = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + part).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) yield JSON.parse(data) as Event;
    }
  }
}
