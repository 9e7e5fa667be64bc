import type { App } from '../answers/app.ts';
import { json, problems } from '../answers/responses.ts';
import { EmptyBody } from '../answers/schema-parts.ts';
import { reachOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { toDeliveryDocument } from './delivery-documents.ts';
import { DeliveriesQuery, Delivery, DeliveryList, DeliveryParams } from './delivery-schemas.ts';

type DeliveryDeps = Pick<RouteDeps, 'deliveries'>;

const tags = ['deliveries'];
const LIMIT = 50;

export function addDeliveryRoutes(app: App, deps: DeliveryDeps): void {
  addList(app, deps);
  addRepeat(app, deps);
}

const listSchema = {
  operationId: 'listDeliveries',
  summary: 'List what is owed to addresses',
  description: 'Newest first, a page at a time: go on with `cursor` while `next` is not null.',
  tags,
  querystring: DeliveriesQuery,
  response: { 200: json(DeliveryList, 'Those that match.'), ...problems() },
} as const;

function addList(app: App, { deliveries }: DeliveryDeps): void {
  app.get('/deliveries', { schema: listSchema }, async (request, reply) => {
    const { cursor, limit = LIMIT, ...filter } = request.query;
    // One more than asked for tells whether there is another page.
    const own = { ...filter, reach: reachOf(request) };
    const found = await deliveries.list(own, cursor === undefined ? null : Number(cursor), limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = found.length > limit && last !== undefined ? String(last.seq) : null;
    return reply.code(200).send({ deliveries: page.map(toDeliveryDocument), next });
  });
}

const repeatSchema = {
  operationId: 'retryDelivery',
  summary: 'Send a delivery again',
  description:
    'One that was refused or given up is owed again, at its old place among those for its address, and tried at once.',
  tags,
  params: DeliveryParams,
  body: EmptyBody,
  response: { 200: json(Delivery, 'It is owed again.'), ...problems(404, 409, 413, 415) },
} as const;

function addRepeat(app: App, { deliveries }: DeliveryDeps): void {
  app.post('/deliveries/:id/retry', { schema: repeatSchema }, async (request, reply) =>
    reply.code(200).send(toDeliveryDocument(await deliveries.repeat(request.params.id))),
  );
}
