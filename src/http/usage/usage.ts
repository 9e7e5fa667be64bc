import type { App } from '../answers/app.ts';
import { createProblem, ProblemError } from '../answers/problem.ts';
import { json, problems } from '../answers/responses.ts';
import { reachOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { UsageQuery, UsageSums } from './usage-schemas.ts';

const LIMIT = 100;
const SPAN_MS = 30 * 86_400_000;

const schema = {
  operationId: 'readUsage',
  summary: 'Read tokens and money that the agents took',
  description:
    'Sums by day, workspace, key or model, of turns that ended in a span of time, also of those that did not complete. Money is what the agent tells, otherwise by the price table (`PRICES_FILE`); what is not known is counted in `unpriced`, and never guessed.',
  tags: ['usage'],
  querystring: UsageQuery,
  response: { 200: json(UsageSums, 'The sums.'), ...problems() },
} as const;

export function addUsage(app: App, { usage }: Pick<RouteDeps, 'usage'>): void {
  app.get('/usage', { schema }, async (request, reply) => {
    const { by = 'day', limit = LIMIT, to = Date.now() } = request.query;
    const from = request.query.from ?? Math.max(0, to - SPAN_MS);
    if (from >= to)
      throw new ProblemError(createProblem('invalid_field', 'to must be later than from', { field: 'to' }));
    const { groups, total } = await usage.read(by, { from, to, reach: reachOf(request) }, limit);
    return reply.code(200).send({ by, from, to, groups: [...groups], total });
  });
}
