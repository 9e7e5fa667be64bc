import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Fields that only say how late it is, and are no news. */
const CLOCKS = { elapsed: undefined, duration: undefined, estimatedCompletionAt: undefined, uptime: undefined };

/** Answers with the document, or with 304 when it holds no news for who has it. The tag is a weak one: what is only
 *  the time that has passed is not in it. */
export function sendUnlessKnown(request: FastifyRequest, reply: FastifyReply, document: object): FastifyReply {
  const tag = `W/"${hash('sha256', JSON.stringify({ ...document, ...CLOCKS })).slice(0, 32)}"`;
  // Kept by whoever asked, and asked about each time.
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send();
  return reply.code(200).send(document);
}

function isKnown(asked: string | undefined, tag: string): boolean {
  if (asked === undefined) return false;
  const bare = (one: string): string => one.trim().replace(/^W\//, '');
  return asked.split(',').some((one) => one.trim() === '*' || bare(one) === bare(tag));
}
