import { Type, type Static } from 'typebox';
import { LAST_EVENT_ID } from '../answers/validation.ts';
import { closed, component, instant, ticket, wholeInQuery, workspace } from '../answers/schema-parts.ts';

const after = Type.Optional(
  wholeInQuery({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Begins behind the event with this number; 0 with the oldest that is kept.',
    examples: [41],
  }),
);

export const EventsQuery = Type.Object({ after }, closed);
export const EventsHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      pattern: LAST_EVENT_ID,
      description: 'The `id` of the last event that was received; goes before `after`. Empty: as if it were not there.',
      examples: ['41'],
    }),
  ),
});

export const StreamQuery = Type.Object(
  {
    requestId: Type.Optional(Type.String({ description: 'Only events of this request.', maxLength: 200 })),
    workspace: Type.Optional(workspace),
    after,
    ticket,
  },
  closed,
);

/** What a client asks for in its first frame, when its query asked for nothing. */
export const StreamFrame = Type.Object(
  {
    requestId: Type.Optional(Type.String({ maxLength: 200 })),
    workspace: Type.Optional(workspace),
    after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  },
  closed,
);

export type StreamWish = Static<typeof StreamFrame>;

export const StreamTicket = component(
  'StreamTicket',
  Type.Object(
    {
      ticket: Type.String({ description: 'Opens one WebSocket, as `?ticket=`.' }),
      expiresAt: instant('Until when it can be used'),
    },
    { ...closed, description: 'Stands for the key of its caller, once.' },
  ),
);
