import type { KeyRecord } from '../../core/model/keys/key.ts';
import type { NewKey as MadeKey } from '../../core/ports/keys/keys.ts';
import type { App } from '../answers/app.ts';
import { empty, json, problems } from '../answers/responses.ts';
import { EmptyBody } from '../answers/schema-parts.ts';
import { whoOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { KeyBody, type KeyDocument, KeyList, KeyParams, NewKey } from './key-schemas.ts';

type KeyDeps = Pick<RouteDeps, 'keys'>;

const tags = ['keys'];

export function addKeyRoutes(app: App, deps: KeyDeps): void {
  addCreate(app, deps);
  addList(app, deps);
  addRotate(app, deps);
  addRevoke(app, deps);
}

const createSchema = {
  operationId: 'createKey',
  summary: 'Make a key for a caller',
  description:
    'It may do what its scopes say, in the workspaces that are named. The key is shown only in this answer: what is kept is a hash.',
  tags,
  body: KeyBody,
  response: { 201: json(NewKey, 'It opens from now on.'), ...problems(413, 415) },
} as const;

function addCreate(app: App, { keys }: KeyDeps): void {
  app.post('/keys', { schema: createSchema }, async (request, reply) =>
    reply.code(201).send(toNewKey(await keys.create(request.body, whoOf(request)))),
  );
}

const listSchema = {
  operationId: 'listKeys',
  summary: 'List the keys of callers',
  description: 'Without their secrets; also those that have expired.',
  tags,
  response: { 200: json(KeyList, 'All of them.'), ...problems() },
} as const;

function addList(app: App, { keys }: KeyDeps): void {
  app.get('/keys', { schema: listSchema }, async (_request, reply) =>
    reply.code(200).send({ keys: (await keys.list()).map(toDocument) }),
  );
}

const rotateSchema = {
  operationId: 'rotateKey',
  summary: 'Make a new secret for a key',
  description: 'The one before opens nothing any more, and what it has open ends within a second.',
  tags,
  params: KeyParams,
  body: EmptyBody,
  response: { 200: json(NewKey, 'The key as it opens from now on.'), ...problems(404, 413, 415) },
} as const;

function addRotate(app: App, { keys }: KeyDeps): void {
  app.post('/keys/:id/rotate', { schema: rotateSchema }, async (request, reply) =>
    reply.code(200).send(toNewKey(await keys.rotate(request.params.id, whoOf(request)))),
  );
}

const revokeSchema = {
  operationId: 'revokeKey',
  summary: 'Revoke a key',
  description: 'It opens nothing any more; its streams and terminals end within a second. Its requests go on.',
  tags,
  params: KeyParams,
  response: { 204: empty('It is gone.'), ...problems(404) },
} as const;

function addRevoke(app: App, { keys }: KeyDeps): void {
  app.delete('/keys/:id', { schema: revokeSchema }, async (request, reply) => {
    await keys.revoke(request.params.id, whoOf(request));
    return reply.code(204).send(null);
  });
}

function toNewKey({ record, key }: MadeKey) {
  return { ...toDocument(record), key };
}

function toDocument({ limits, ...key }: KeyRecord): KeyDocument {
  return {
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    workspaces: key.workspaces === null ? null : [...key.workspaces],
    ...limits,
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
  };
}
