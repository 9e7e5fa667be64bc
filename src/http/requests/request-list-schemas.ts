import { Type, type Static } from 'typebox';
import { PRIORITIES, REQUEST_STATES, SOURCES } from '../../core/model/request.ts';
import {
  agent,
  closed,
  enumOf,
  instantInQuery,
  nullable,
  progress,
  requestId,
  wholeInQuery,
  workspace,
  component,
} from '../answers/schema-parts.ts';

export const RequestsQuery = Type.Object(
  {
    workspace: Type.Optional(workspace),
    state: Type.Optional(enumOf(REQUEST_STATES, { description: 'Only those in this state.', examples: ['failed'] })),
    source: Type.Optional(enumOf(SOURCES, { description: 'Only those that came in here.', examples: ['http'] })),
    from: instantInQuery('Only those that were accepted then or later'),
    to: instantInQuery('Only those that were accepted before'),
    cursor: Type.Optional(
      Type.String({ maxLength: 100, description: 'The `next` of the page before, with the same filters.' }),
    ),
    limit: Type.Optional(
      wholeInQuery({ minimum: 1, maximum: 500, description: 'At most so many; 50 when absent.', examples: [50] }),
    ),
  },
  closed,
);

export const RequestSummary = component(
  'RequestSummary',
  Type.Object(
    {
      requestId,
      workspace,
      agent,
      source: enumOf(SOURCES, { description: 'Where the request came in.' }),
      priority: enumOf(PRIORITIES, { description: 'Class of the request.' }),
      state: enumOf(REQUEST_STATES, { description: 'Where it stands.', examples: ['completed'] }),
      ...progress,
      retries: Type.Integer({ minimum: 0, description: 'Starts beyond the first.', examples: [0] }),
      output: Type.Object(
        {
          available: Type.Boolean({ description: 'Whether there is text, also a partial one.' }),
          bytes: Type.Integer({ minimum: 0, description: 'Length of the text in UTF-8.', examples: [2] }),
        },
        { ...closed, description: 'The answer, to be read at `/status/{requestId}/output`.' },
      ),
    },
    { ...closed, description: 'A request without its text; all of it is at `/status/{requestId}`.' },
  ),
);

export const RequestList = component(
  'RequestList',
  Type.Object(
    {
      requests: Type.Array(Type.Unsafe<RequestSummaryDocument>({ $ref: 'RequestSummary#' }), {
        description: 'Newest first.',
      }),
      next: nullable(Type.String(), 'The `cursor` of the next page; null on the last one.'),
    },
    { ...closed, description: 'A page of requests.' },
  ),
);

export type RequestSummaryDocument = Static<typeof RequestSummary>;
