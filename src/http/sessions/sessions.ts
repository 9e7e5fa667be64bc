import { reaches } from '../../core/model/keys/key.ts';
import type { App } from '../answers/app.ts';
import { reachOf, whoOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { toSessionDocument } from './session-documents.ts';
import { json, problems, text } from '../answers/responses.ts';
import { WorkspaceParams } from '../answers/schema-parts.ts';
import { CreateSessionBody, DeleteQuery, Deleted, Session, SessionList } from './session-schemas.ts';

type SessionDeps = Pick<RouteDeps, 'sessions'>;

export function addSessionRoutes(app: App, deps: SessionDeps): void {
  addList(app, deps);
  addRead(app, deps);
  addCreate(app, deps);
  addReadScreen(app, deps);
  addDelete(app, deps);
}

const tags = ['sessions'];

const listSchema = {
  operationId: 'listSessions',
  summary: 'List all sessions',
  tags,
  response: { 200: json(SessionList, 'All sessions.'), ...problems() },
} as const;

function addList(app: App, { sessions }: SessionDeps): void {
  app.get('/sessions', { schema: listSchema }, async (request, reply) => {
    const reach = reachOf(request);
    const found = (await sessions.list()).filter(({ workspace }) => reaches(reach, workspace)).map(toSessionDocument);
    return reply.code(200).send({ sessions: found, total: found.length });
  });
}

const readSchema = {
  operationId: 'readSession',
  summary: 'Read one session',
  tags,
  params: WorkspaceParams,
  response: { 200: json(Session, 'The session.'), ...problems(404) },
} as const;

function addRead(app: App, { sessions }: SessionDeps): void {
  app.get('/session/:workspace', { schema: readSchema }, async (request, reply) =>
    reply.code(200).send(toSessionDocument(await sessions.read(request.params.workspace))),
  );
}

const createSchema = {
  operationId: 'createSession',
  summary: 'Create a session and start its agent',
  description: 'Not needed before POST /execute; it saves the first request the start of the agent.',
  tags,
  body: CreateSessionBody,
  response: {
    200: json(Session, 'The session was there.'),
    201: json(Session, 'The session is new.'),
    ...problems(404, 409, 413, 415),
  },
} as const;

function addCreate(app: App, { sessions }: SessionDeps): void {
  app.post('/session/create', { schema: createSchema }, async (request, reply) => {
    const { session, created } = await sessions.create(request.body.workspace, request.body.agent, whoOf(request));
    return reply.code(created ? 201 : 200).send(toSessionDocument(session));
  });
}

const readScreenSchema = {
  operationId: 'readScreen',
  summary: 'Read the screen of the agent as text',
  description: 'For people and debugging. 409 while the session is asleep.',
  tags,
  params: WorkspaceParams,
  response: { 200: text('The pane.'), ...problems(404, 409) },
} as const;

function addReadScreen(app: App, { sessions }: SessionDeps): void {
  app.get('/session/:workspace/screen', { schema: readScreenSchema }, async (request, reply) => {
    const screen = await sessions.screen(request.params.workspace);
    return reply.code(200).type('text/plain; charset=utf-8').send(screen);
  });
}

const deleteSchema = {
  operationId: 'deleteSession',
  summary: 'End a session and forget its conversation',
  description: 'Its ended requests stay readable. 409 while requests are active, unless forced.',
  tags,
  params: WorkspaceParams,
  querystring: DeleteQuery,
  response: { 200: json(Deleted, 'The session is gone.'), ...problems(404, 409) },
} as const;

function addDelete(app: App, { sessions }: SessionDeps): void {
  app.delete('/session/:workspace', { schema: deleteSchema }, async (request, reply) => {
    const { workspace } = request.params;
    await sessions.delete(workspace, request.query.force === true, whoOf(request));
    return reply.code(200).send({ workspace, status: 'deleted' });
  });
}
