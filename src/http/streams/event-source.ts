import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { EventRecord } from '../../core/model/event.ts';
import { toFrame } from './event-frames.ts';
import type { Patience } from '../sockets/socket-output.ts';

/** A client that is cut off comes again so soon. */
const RETRY_MS = 1_000;

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // A proxy that compresses would keep the events until it has many.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Answers with server-sent events until there are no more, or the client is gone. Who reads nothing for too long is
 *  cut off; what waits for one client is one batch, and what the kernel holds. */
export async function sendEvents(
  reply: FastifyReply,
  batches: AsyncIterable<readonly EventRecord[]>,
  { pingMs, stallMs }: Patience,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    ...STREAM_HEADERS,
    connection: 'close',
  });
  raw.write(`retry: ${RETRY_MS}\n\n`);
  // Proxies end a connection on which nothing comes.
  const heartbeat = setInterval(() => void (raw.writableNeedDrain || raw.write(':\n\n')), pingMs);
  try {
    for await (const batch of batches) {
      for (const event of batch) {
        if (!raw.write(toFrame(event).sse) && !(await isDrained(raw, stallMs))) return;
      }
    }
    raw.end();
  } finally {
    clearInterval(heartbeat);
    if (!raw.writableEnded) raw.destroy();
  }
}

/** False when the client takes nothing for so long, or is gone. */
function isDrained(raw: ServerResponse, stallMs: number): Promise<boolean> {
  if (raw.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (drained: boolean): void => {
      clearTimeout(patience);
      raw.off('drain', onDrain);
      raw.off('close', onClose);
      resolve(drained);
    };
    const onDrain = (): void => settle(true);
    const onClose = (): void => settle(false);
    const patience = setTimeout(onClose, stallMs);
    raw.once('drain', onDrain);
    raw.once('close', onClose);
  });
}
