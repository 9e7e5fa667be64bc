import type { FastifyReply, FastifyRequest } from 'fastify';

const NAMES = ['requestId', 'workspace', 'id'] as const;

type Ids = Partial<Record<(typeof NAMES)[number], string>>;

/** What a line about a request has to be joined by: the ids in its path, or of what it has made. */
export function readIds(request: Pick<FastifyRequest, 'params'>, reply?: Pick<FastifyReply, 'getHeader'>): Ids {
  const params = (request.params ?? {}) as Readonly<Record<string, unknown>>;
  const made = /^\/status\/([^/]+)$/.exec(String(reply?.getHeader('location') ?? ''))?.[1];
  const inPath = NAMES.flatMap((name) => (typeof params[name] === 'string' ? [[name, params[name]]] : []));
  return { ...(made !== undefined && { requestId: made }), ...(Object.fromEntries(inPath) as Ids) };
}
