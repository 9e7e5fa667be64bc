import { Type } from 'typebox';
import type { GatewayApi } from '../../core/ports/gateway.ts';
import type { App } from '../app.ts';
import { json, problems, text } from '../responses.ts';
import { CreateSessionBody, DeletedSession, Session, SessionList, WorkspaceParams } from '../schemas.ts';

export function addSessionRoutes(app: App, gateway: GatewayApi): void {
  app.get(
    '/sessions',
    {
      schema: {
        operationId: 'listSessions',
        summary: 'All sessions',
        tags: ['sessions'],
        response: { 200: json('The sessions, oldest first.', SessionList), ...problems(401, 429, 500) },
      },
    },
    async (_request, reply) => {
      const sessions = await gateway.listSessions();
      return reply.send({ sessions, total: sessions.length });
    },
  );

  app.get(
    '/session/:workspace',
    {
      schema: {
        operationId: 'readSession',
        summary: 'The session of a workspace',
        tags: ['sessions'],
        params: WorkspaceParams,
        response: { 200: json('The session.', Session), ...problems(400, 401, 404, 429, 500) },
      },
    },
    async (request, reply) => reply.send(await gateway.readSession(request.params.workspace)),
  );

  app.post(
    '/session/create',
    {
      schema: {
        operationId: 'createSession',
        summary: 'Create the session of a workspace and start its agent',
        description: 'Repeating it changes nothing. The agent starts in the background.',
        tags: ['sessions'],
        body: CreateSessionBody,
        response: {
          200: json('It exists already.', Session),
          201: json('Created.', Session),
          ...problems(400, 401, 409, 413, 415, 429, 500, 503),
        },
      },
    },
    async (request, reply) => {
      const { workspace, agent } = request.body;
      const { session, created } = await gateway.createSession(workspace, agent as 'claude' | undefined);
      return reply.code(created ? 201 : 200).send(session);
    },
  );

  app.get(
    '/session/:workspace/screen',
    {
      schema: {
        operationId: 'readScreen',
        summary: "The agent's terminal as text",
        tags: ['sessions'],
        params: WorkspaceParams,
        response: { 200: text('The visible screen.'), ...problems(400, 401, 404, 409, 429, 500) },
      },
    },
    async (request, reply) => {
      const screen = await gateway.readScreen(request.params.workspace);
      return reply.type('text/plain; charset=utf-8').send(screen);
    },
  );

  app.delete(
    '/session/:workspace',
    {
      schema: {
        operationId: 'deleteSession',
        summary: 'End a session and forget its conversation',
        tags: ['sessions'],
        params: WorkspaceParams,
        querystring: Type.Object(
          {
            force: Type.Optional(
              Type.String({ enum: ['true', 'false'], description: 'true: active requests fail with session_deleted.' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: json('Deleted.', DeletedSession), ...problems(400, 401, 404, 409, 429, 500) },
      },
    },
    async (request, reply) => {
      const { workspace } = request.params;
      await gateway.deleteSession(workspace, request.query.force === 'true');
      return reply.send({ workspace, status: 'deleted' });
    },
  );
}
