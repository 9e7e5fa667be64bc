import type { RequestFilter, RequestPlace } from '../../core/ports/store.ts';
import type { App } from '../answers/app.ts';
import type { RouteDeps } from '../route-deps.ts';
import { reachOf } from '../door/caller.ts';
import { hashJson } from '../answers/json/canonical.ts';
import { toSummaryDocument } from './request-documents.ts';
import { createProblem, ProblemError } from '../answers/problem.ts';
import { RequestsQuery, RequestList } from './request-list-schemas.ts';
import { json, problems } from '../answers/responses.ts';

const LIMIT = 50;

const schema = {
  operationId: 'listRequests',
  summary: 'List requests',
  description:
    'Newest first, a page at a time: go on with `cursor` while `next` is not null. Requests that come meanwhile change no later page.',
  tags: ['requests'],
  querystring: RequestsQuery,
  response: { 200: json(RequestList, 'Those that match.'), ...problems() },
} as const;

export function addRequestList(app: App, { requests }: Pick<RouteDeps, 'requests'>): void {
  app.get('/requests', { schema }, async (request, reply) => {
    const { cursor, limit = LIMIT, ...filter } = request.query;
    if (filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to) {
      throw wrong('to', 'to must be later than from');
    }
    // One more than asked for tells whether there is another page.
    const found = await requests.list(
      { ...filter, reach: reachOf(request) },
      cursor === undefined ? null : parseCursor(cursor, filter),
      limit + 1,
    );
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = found.length > limit && last !== undefined ? toCursor(last.place, filter) : null;
    return reply.code(200).send({ requests: page.map(toSummaryDocument), next });
  });
}

/** A place in the list that these filters make. */
function toCursor({ createdAt, seq }: RequestPlace, filter: RequestFilter): string {
  return Buffer.from(`${createdAt}.${seq}.${toMark(filter)}`).toString('base64url');
}

function parseCursor(cursor: string, filter: RequestFilter): RequestPlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, createdAt, seq, mark] = /^(\d{1,16})\.(\d{1,16})\.([\w-]+)$/.exec(text) ?? [];
  if (createdAt === undefined || seq === undefined)
    throw wrong('cursor', 'cursor must be the `next` of an earlier page');
  if (mark !== toMark(filter)) throw wrong('cursor', 'cursor belongs to other filters: send those of its page');
  return { createdAt: Number(createdAt), seq: Number(seq) };
}

const MARK_LENGTH = 10;

/** The same for the same filters, in whatever order they were sent. */
function toMark({ workspace, state, source, from, to }: RequestFilter): string {
  return hashJson([workspace, state, source, from, to].map((value) => value ?? null)).slice(0, MARK_LENGTH);
}

function wrong(field: string, detail: string): ProblemError {
  return new ProblemError(createProblem('invalid_field', detail, { field }));
}
