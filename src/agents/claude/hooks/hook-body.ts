import type { IncomingMessage } from 'node:http';

/** Null when it is too large, or too much comes at once. */
export type ReadBody = (request: IncomingMessage) => Promise<string | null>;

/** A payload carries whole tool results and answers; one over this is refused. */
const PAYLOAD_MAX_BYTES = 32 * 1024 * 1024;
/** Of payloads that come at the same time. */
const PAYLOADS_MAX_BYTES = 2 * PAYLOAD_MAX_BYTES;

/** One limit for all that it reads at the same time. */
export function createBodyReader(): ReadBody {
  let left = PAYLOADS_MAX_BYTES;
  return async (request) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        left -= chunk.length;
        if (bytes > PAYLOAD_MAX_BYTES || left < 0) return null;
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString();
    } finally {
      left += bytes;
    }
  };
}
