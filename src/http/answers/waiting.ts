import type { Readable, Writable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Seconds between two looks at a request, as suggested to callers. */
export const POLL_SECONDS = 2;

/** Aborts when the client is gone, or when the server closes. */
export function untilGone(client: Readable | Writable, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  if (client.destroyed) gone.abort();
  else client.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}

/** Runs `wait` with a signal that aborts after `ms`, when the client is gone, or when the server closes. */
export async function withPatience<T>(
  patience: { readonly ms: number; readonly reply: FastifyReply; readonly closing: AbortSignal },
  wait: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const enough = new AbortController();
  const stop = (): void => enough.abort();
  const timer = setTimeout(stop, patience.ms);
  patience.reply.raw.once('close', stop);
  patience.closing.addEventListener('abort', stop);
  if (patience.closing.aborted || patience.reply.raw.destroyed) stop();
  try {
    return await wait(enough.signal);
  } finally {
    clearTimeout(timer);
    patience.reply.raw.off('close', stop);
    patience.closing.removeEventListener('abort', stop);
  }
}
