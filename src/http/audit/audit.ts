import type { App } from '../answers/app.ts';
import { json, problems } from '../answers/responses.ts';
import type { RouteDeps } from '../route-deps.ts';
import { AuditPage, AuditQuery } from './audit-schemas.ts';

const LIMIT = 100;

const schema = {
  operationId: 'readAudit',
  summary: 'Read who did what',
  description:
    'Oldest first, a page at a time: go on with `after` while `next` is not null. With `Accept: application/x-ndjson` each line is one of JSON. Each carries a hash over the one before: `gatehouse audit verify` proves that none is missing. Prompts are in it only with `LOG_PROMPTS=true`.',
  tags: ['audit'],
  querystring: AuditQuery,
  response: { 200: json(AuditPage, 'The lines.'), ...problems() },
} as const;

export function addAudit(app: App, { audit }: Pick<RouteDeps, 'audit'>): void {
  app.get('/audit', { schema }, async (request, reply) => {
    const { after = 0, limit = LIMIT } = request.query;
    // One more than asked for tells whether there is another page.
    const found = await audit.list(after, limit + 1);
    const lines = found.slice(0, limit);
    reply.header('vary', 'accept');
    if (request.headers.accept?.includes('application/x-ndjson') === true) {
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      return reply
        .code(200)
        .type('application/x-ndjson')
        .serializer(asItIs)
        .send(text as never);
    }
    const next = found.length > limit ? (lines.at(-1)?.seq ?? null) : null;
    return reply.code(200).send({ lines: lines.map((line) => ({ ...line, detail: { ...line.detail } })), next });
  });
}

function asItIs(text: unknown): string {
  return String(text);
}
