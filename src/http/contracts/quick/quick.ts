import { Type } from 'typebox';
import { reaches } from '../../../core/model/keys/key.ts';
import type { App } from '../../answers/app.ts';
import { empty, json, problems } from '../../answers/responses.ts';
import { traceparent } from '../../answers/schema-parts.ts';
import { untilGone } from '../../answers/waiting.ts';
import { reachOf, whoOf } from '../../door/caller.ts';
import type { RouteDeps } from '../../route-deps.ts';
import { toIdentity, toMessageDocument, toSessionDocument } from './quick-documents.ts';
import {
  MessageBody,
  PublishBody,
  QuickDiff,
  QuickHistory,
  QuickMessage,
  QuickParams,
  QuickPublished,
  QuickSession,
  QuickSessionList,
  StartBody,
} from './quick-schemas.ts';

type QuickDeps = Pick<RouteDeps, 'quick' | 'closing'>;

/** The contract of seed 004 below `/quick`, but for its WebSocket. */
export function addQuick(app: App, deps: QuickDeps): void {
  addStart(app, deps);
  addMessage(app, deps);
  addReads(app, deps);
  addDelete(app, deps);
  addDiff(app, deps);
  addPublish(app, deps);
}

const tags = ['quick'];

const startSchema = {
  operationId: 'startQuickSession',
  summary: 'Start a quick session in a worktree of its own',
  description: 'On a new branch, from the default branch of the repository, which is fetched first.',
  tags,
  body: StartBody,
  response: {
    201: json(QuickSession, 'The session is ready.', {
      'Gatehouse-Fetch': {
        type: 'string',
        description: '`fetched`, `no_remote`, or `failed`: then it begins at what was there.',
      },
    }),
    ...problems(402, 404, 409, 413, 415, 507),
  },
} as const;

function addStart(app: App, { quick }: QuickDeps): void {
  app.post('/quick/sessions/start', { schema: startSchema }, async (request, reply) => {
    const { session, fetch } = await quick.start(request.body.repo, whoOf(request));
    return reply.code(201).header('gatehouse-fetch', fetch.kind).send(toSessionDocument(session));
  });
}

const messageSchema = {
  operationId: 'sendQuickMessage',
  summary: 'Send a message to the agent of a quick session',
  description: 'It waits behind earlier ones. What becomes of it is told at the WebSocket, and at its `Location`.',
  tags,
  params: QuickParams,
  headers: Type.Object({ traceparent }),
  body: MessageBody,
  response: {
    200: json(QuickMessage, 'The message is on disk.', {
      Location: { type: 'string', description: 'Where the status of its request is.', 'x-required': true },
    }),
    ...problems(402, 404, 409, 413, 415),
  },
} as const;

function addMessage(app: App, { quick }: QuickDeps): void {
  app.post('/quick/sessions/:id/message', { schema: messageSchema }, async (request, reply) => {
    const { traceparent: trace } = request.headers;
    const message = await quick.send(request.params.id, request.body.content, toIdentity(request.keyId), trace);
    reply.header('location', `/status/${encodeURIComponent(message.id)}`);
    return reply.code(200).send(toMessageDocument(message));
  });
}

const listSchema = {
  operationId: 'listQuickSessions',
  summary: 'List the quick sessions',
  description: 'The one that was used last comes first.',
  tags,
  response: { 200: json(QuickSessionList, 'All of them.'), ...problems() },
} as const;

const readSchema = {
  operationId: 'readQuickSession',
  summary: 'Read a quick session and its messages',
  tags,
  params: QuickParams,
  response: { 200: json(QuickHistory, 'The session.'), ...problems(404) },
} as const;

function addReads(app: App, { quick }: QuickDeps): void {
  app.get('/quick/sessions', { schema: listSchema }, async (request, reply) => {
    const reach = reachOf(request);
    const found = (await quick.list()).filter(({ id }) => reaches(reach, id));
    return reply.code(200).send(found.map(toSessionDocument));
  });
  app.get('/quick/sessions/:id', { schema: readSchema }, async (request, reply) => {
    const { id } = request.params;
    const [session, messages] = await Promise.all([quick.read(id), quick.readMessages(id)]);
    return reply.code(200).send({ ...toSessionDocument(session), messages: messages.map(toMessageDocument) });
  });
}

const deleteSchema = {
  operationId: 'deleteQuickSession',
  summary: 'End a quick session and remove its worktree',
  description: 'What is not committed is discarded. A branch with commits that exist nowhere else is kept.',
  tags,
  params: QuickParams,
  response: {
    204: {
      ...empty('The session is gone.'),
      headers: {
        'Gatehouse-Kept-Branch': { type: 'string', description: 'Branches that were kept, by commas.' },
      },
    },
    ...problems(404),
  },
} as const;

function addDelete(app: App, { quick }: QuickDeps): void {
  app.delete('/quick/sessions/:id', { schema: deleteSchema }, async (request, reply) => {
    const { keptBranches } = await quick.delete(request.params.id, whoOf(request));
    if (keptBranches.length > 0) reply.header('gatehouse-kept-branch', keptBranches.join(', '));
    return reply.code(204).send(null);
  });
}

const diffSchema = {
  operationId: 'diffQuickSession',
  summary: 'Read what changed in the worktree of a quick session',
  tags,
  params: QuickParams,
  response: { 200: json(QuickDiff, 'The changes, committed or not.'), ...problems(404, 409) },
} as const;

function addDiff(app: App, { quick, closing }: QuickDeps): void {
  app.get('/quick/sessions/:id/diff', { schema: diffSchema }, async (request, reply) => {
    const diff = await quick.diff(request.params.id, untilGone(reply.raw, closing));
    const { base, files, text, isTruncated } = diff;
    return reply.code(200).send({ base, files: [...files], diff: text, truncated: isTruncated });
  });
}

const publishSchema = {
  operationId: 'publishQuickSession',
  summary: 'Push the branch of a quick session',
  description:
    'Commits what is there, pushes to the remote, and opens a draft pull request where `gh` or `glab` is installed. 409 while a message runs.',
  tags,
  params: QuickParams,
  body: PublishBody,
  response: { 200: json(QuickPublished, 'The branch is at the remote.'), ...problems(404, 409, 413, 415, 502) },
} as const;

function addPublish(app: App, { quick, closing }: QuickDeps): void {
  app.post('/quick/sessions/:id/publish', { schema: publishSchema }, async (request, reply) => {
    const published = await quick.publish(request.params.id, request.body ?? {}, closing, whoOf(request));
    const { branch, commit, link, note, skipped } = published;
    return reply.code(200).send({ branch, commit, link, note, skipped: [...skipped] });
  });
}
