import type { RequestPlace } from '../../core/ports/store.ts';
import type { App, RouteDeps } from '../app.ts';
import { toSummaryDocument } from '../documents.ts';
import { createProblem, ProblemError } from '../problem.ts';
import { RequestsQuery } from '../request-list-schemas.ts';
import { json, problems } from '../responses.ts';

const LIMIT = 50;

const schema = {
  operationId: 'listRequests',
  summary: 'List requests',
  description:
    'Newest first, a page at a time: go on with `cursor` while `next` is not null. Requests that come meanwhile change no later page.',
  tags: ['requests'],
  querystring: RequestsQuery,
  response: { 200: json('RequestList', 'Those that match.'), ...problems() },
} as const;

export function addRequestList(app: App, { gateway }: RouteDeps): void {
  app.get('/requests', { schema }, async (request, reply) => {
    const { cursor, limit = LIMIT, ...filter } = request.query;
    // One more than asked for tells whether there is another page.
    const found = await gateway.listRequests(filter, cursor === undefined ? null : parseCursor(cursor), limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = found.length > limit && last !== undefined ? toCursor(last.place) : null;
    return reply.code(200).send({ requests: page.map(toSummaryDocument), next });
  });
}

function toCursor({ createdAt, seq }: RequestPlace): string {
  return Buffer.from(`${createdAt}.${seq}`).toString('base64url');
}

function parseCursor(cursor: string): RequestPlace {
  const [, createdAt, seq] = /^(\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (createdAt === undefined || seq === undefined)
    throw new ProblemError(
      createProblem('invalid_field', 'cursor must be the `next` of an earlier page', { field: 'cursor' }),
    );
  return { createdAt: Number(createdAt), seq: Number(seq) };
}
