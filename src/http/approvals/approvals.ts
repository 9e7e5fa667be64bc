import type { Static } from 'typebox';
import type { GivenDecision } from '../../core/ports/gateway/approvals.ts';
import type { App } from '../answers/app.ts';
import { reachOf, whoOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { toApprovalDocument } from './approval-documents.ts';
import { json, problems } from '../answers/responses.ts';
import { ApprovalParams, ApprovalsQuery, DecisionBody, Approval, ApprovalList } from './approval-schemas.ts';

type ApprovalDeps = Pick<RouteDeps, 'approvals'>;

export function addApprovalRoutes(app: App, deps: ApprovalDeps): void {
  addList(app, deps);
  addRead(app, deps);
  addDecide(app, deps);
}

const tags = ['approvals'];
const LIMIT = 100;

const listSchema = {
  operationId: 'listApprovals',
  summary: 'List permission prompts of the agents',
  description: 'Newest first, open or not; `?state=open` for those that wait for a decision.',
  tags,
  querystring: ApprovalsQuery,
  response: { 200: json(ApprovalList, 'Those that match.'), ...problems() },
} as const;

function addList(app: App, { approvals }: ApprovalDeps): void {
  app.get('/approvals', { schema: listSchema }, async (request, reply) => {
    const { limit = LIMIT, ...filter } = request.query;
    const { approvals: found, total } = await approvals.list({ ...filter, reach: reachOf(request) }, limit);
    return reply.code(200).send({ approvals: found.map(toApprovalDocument), total });
  });
}

const readSchema = {
  operationId: 'readApproval',
  summary: 'Read one permission prompt',
  tags,
  params: ApprovalParams,
  response: { 200: json(Approval, 'The approval.'), ...problems(404) },
} as const;

function addRead(app: App, { approvals }: ApprovalDeps): void {
  app.get('/approvals/:id', { schema: readSchema }, async (request, reply) =>
    reply.code(200).send(toApprovalDocument(await approvals.read(request.params.id))),
  );
}

const decideSchema = {
  operationId: 'decideApproval',
  summary: 'Allow or deny what an agent asks',
  description:
    'Answers when the agent has taken the decision. 409 when somebody else was first, also a person at the terminal. After ten seconds without a word from the agent the answer is the approval as it stands: `open`, with the decision on disk.',
  tags,
  params: ApprovalParams,
  body: DecisionBody,
  response: { 200: json(Approval, 'The approval as decided.'), ...problems(404, 409, 413, 415) },
} as const;

function addDecide(app: App, { approvals }: ApprovalDeps): void {
  app.post('/approvals/:id', { schema: decideSchema }, async (request, reply) => {
    const approval = await approvals.decide(request.params.id, toGiven(request.body), whoOf(request));
    return reply.code(200).send(toApprovalDocument(approval));
  });
}

function toGiven({ decision, ...more }: Static<typeof DecisionBody>): GivenDecision {
  return { allow: decision === 'allow', ...more };
}
