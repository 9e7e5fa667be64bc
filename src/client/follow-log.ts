import type { components } from './api.ts';
import type { Door } from './door.ts';
import { findRefusal, openSocket } from './open-socket.ts';
import { createPauses, RefusedError } from './reconnect.ts';

type Event = components['schemas']['Event'];

/** What is not named fits. */
export interface LogFilter {
  readonly workspace?: string;
  readonly requestId?: string;
  /** Behind this `seq`; 0: all that are kept; absent: from now on. */
  readonly after?: number;
}

const PATH = '/stream';

export async function* followLog(
  door: Door,
  { after, ...filter }: LogFilter,
  signal: AbortSignal,
): AsyncGenerator<Event, void, void> {
  const pauses = createPauses();
  let last = after;
  for (;;) {
    signal.throwIfAborted();
    const query = new URLSearchParams({ ...filter, ...(last !== undefined && { after: String(last) }) });
    const frames = listen(door, query, signal);
    let closed: Closed | null = null;
    for await (const frame of frames) {
      if ('code' in frame) closed = frame;
      else if (frame.type !== 'opened') {
        last = frame.seq;
        yield frame;
      } else pauses.reset();
    }
    signal.throwIfAborted();
    if (closed === null || closed.code === 1000) return;
    const refused = closed.wasOpen ? toError(closed) : await findRefusal(door, PATH, query, signal);
    await pauses.rest(refused ?? new Error(`no gateway answers at ${door.url}`), signal);
  }
}

interface Closed {
  readonly code: number;
  readonly reason: string;
  readonly wasOpen: boolean;
}

function toError({ code, reason }: Closed): Error {
  const isForGood = code === 1007 || code === 1008 || code >= 4000;
  return isForGood ? new RefusedError(code, reason) : new Error(`the stream was closed: ${code} ${reason}`);
}

/** What one connection brings: `opened`, events, and how it was closed. */
async function* listen(
  door: Door,
  query: URLSearchParams,
  signal: AbortSignal,
): AsyncGenerator<Event | { readonly type: 'opened' } | Closed, void, void> {
  // A query that names nothing leaves it to the first frame.
  const socket = openSocket(door, PATH, query, 'gatehouse.stream');
  const frames: (Event | { readonly type: 'opened' } | Closed)[] = [];
  let more = Promise.withResolvers<void>();
  const add = (frame: (typeof frames)[number]): void => {
    frames.push(frame);
    more.resolve();
  };
  let wasOpen = false;
  socket.onopen = () => {
    wasOpen = true;
    if (query.size === 0) socket.send('{}');
    add({ type: 'opened' });
  };
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(String(data)) as Event | { readonly type: 'error' };
    if (event.type !== 'error') add(event);
  };
  socket.onclose = ({ code, reason }) => add({ code, reason, wasOpen });
  const leave = (): void => socket.close();
  signal.addEventListener('abort', leave, { once: true });
  try {
    for (;;) {
      const frame = frames.shift();
      if (frame === undefined) {
        await more.promise;
        more = Promise.withResolvers();
        continue;
      }
      yield frame;
      if ('code' in frame) return;
    }
  } finally {
    signal.removeEventListener('abort', leave);
    socket.close();
  }
}
