import type { App } from '../answers/app.ts';
import { empty, json, problems } from '../answers/responses.ts';
import { EmptyBody } from '../answers/schema-parts.ts';
import { toDeliveryDocument } from '../deliveries/delivery-documents.ts';
import { Delivery } from '../deliveries/delivery-schemas.ts';
import { whoOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { toSecretDocument, toWebhookDocument } from './webhook-documents.ts';
import { WebhookBody, WebhookList, WebhookParams, WebhookSecret } from './webhook-schemas.ts';

type WebhookDeps = Pick<RouteDeps, 'webhooks'>;

const tags = ['webhooks'];

export function addWebhookRoutes(app: App, deps: WebhookDeps): void {
  addCreate(app, deps);
  addList(app, deps);
  addDelete(app, deps);
  addTest(app, deps);
  addRotate(app, deps);
}

const createSchema = {
  operationId: 'createWebhook',
  summary: 'Subscribe to events',
  description:
    'Ends of requests, approvals and pauses are POSTed to the URL as they happen, signed by Standard Webhooks. The secret is shown only in this answer.',
  tags,
  body: WebhookBody,
  response: { 201: json(WebhookSecret, 'It is told from now on.'), ...problems(409, 413, 415) },
} as const;

function addCreate(app: App, { webhooks }: WebhookDeps): void {
  app.post('/webhooks', { schema: createSchema }, async (request, reply) =>
    reply.code(201).send(toSecretDocument(await webhooks.create(request.body, whoOf(request)))),
  );
}

const listSchema = {
  operationId: 'listWebhooks',
  summary: 'List webhooks',
  description: 'Without their secrets.',
  tags,
  response: { 200: json(WebhookList, 'All of them.'), ...problems() },
} as const;

function addList(app: App, { webhooks }: WebhookDeps): void {
  app.get('/webhooks', { schema: listSchema }, async (_request, reply) =>
    reply.code(200).send({ webhooks: (await webhooks.list()).map(toWebhookDocument) }),
  );
}

const deleteSchema = {
  operationId: 'deleteWebhook',
  summary: 'End a subscription',
  description: 'What is still owed to it is refused.',
  tags,
  params: WebhookParams,
  response: { 204: empty('It is gone.'), ...problems(404) },
} as const;

function addDelete(app: App, { webhooks }: WebhookDeps): void {
  app.delete('/webhooks/:id', { schema: deleteSchema }, async (request, reply) => {
    await webhooks.delete(request.params.id, whoOf(request));
    return reply.code(204).send(null);
  });
}

const testSchema = {
  operationId: 'testWebhook',
  summary: 'Try a webhook',
  description: 'An event `webhook.test` is owed to it, in its order; what became of it is listed by GET /deliveries.',
  tags,
  params: WebhookParams,
  body: EmptyBody,
  response: { 202: json(Delivery, 'It is owed.'), ...problems(404, 413, 415) },
} as const;

function addTest(app: App, { webhooks }: WebhookDeps): void {
  app.post('/webhooks/:id/test', { schema: testSchema }, async (request, reply) =>
    reply.code(202).send(toDeliveryDocument(await webhooks.test(request.params.id))),
  );
}

const rotateSchema = {
  operationId: 'rotateWebhookSecret',
  summary: 'Make a new secret',
  description: 'The one before signs beside it for a day. The new one is shown only in this answer.',
  tags,
  params: WebhookParams,
  body: EmptyBody,
  response: { 200: json(WebhookSecret, 'The new secret.'), ...problems(404, 413, 415) },
} as const;

function addRotate(app: App, { webhooks }: WebhookDeps): void {
  app.post('/webhooks/:id/rotate', { schema: rotateSchema }, async (request, reply) =>
    reply.code(200).send(toSecretDocument(await webhooks.rotate(request.params.id, whoOf(request)))),
  );
}
