import { Type, type Static } from 'typebox';
import { DELIVERY_KINDS, DELIVERY_STATES } from '../../core/model/delivery.ts';
import { CURSOR } from '../answers/validation.ts';
import { closed, component, enumOf, instant, nullable, wholeInQuery } from '../answers/schema-parts.ts';

export const DeliveryParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'As listed by GET /deliveries.',
    examples: ['msg_mjv3k2a04f6c1d2e3b'],
  }),
});

const only = (description: string, examples: string[]) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 2100, description, examples }));

export const DeliveriesQuery = Type.Object(
  {
    state: Type.Optional(enumOf(DELIVERY_STATES, { description: 'Only those in this state.', examples: ['refused'] })),
    kind: Type.Optional(enumOf(DELIVERY_KINDS, { description: 'Only those of this kind.', examples: ['answer'] })),
    to: only('Only those to this address.', ['webhook:https://example.org/hook']),
    requestId: only('Only those of this request.', ['req-mjv3k2a0-4f6Qm8Zr']),
    workspace: only('Only those of this workspace.', ['project-a']),
    webhookId: only('Only those owed to this webhook.', ['whk-mjv3k2a0-4f6Qm8Zr']),
    cursor: Type.Optional(
      Type.String({ pattern: CURSOR, description: 'The `next` of the page before, with the same filters.' }),
    ),
    limit: Type.Optional(
      wholeInQuery({ minimum: 1, maximum: 500, description: 'At most so many; 50 when absent.', examples: [50] }),
    ),
  },
  closed,
);

export const Delivery = component(
  'Delivery',
  Type.Object(
    {
      id: Type.String({
        description: 'Names the delivery, and is the `webhook-id` of each of its attempts.',
        examples: ['msg_mjv3k2a04f6c1d2e3b'],
      }),
      to: Type.String({
        description: 'The address; everything for one address goes out in order.',
        examples: ['webhook:https://example.org/hook'],
      }),
      kind: enumOf(DELIVERY_KINDS, { description: 'What is owed.', examples: ['answer'] }),
      event: Type.String({ description: 'What it tells of.', examples: ['request.completed'] }),
      requestId: nullable(Type.String(), 'The request that it tells of.'),
      workspace: nullable(Type.String(), 'The workspace that it tells of.'),
      webhookId: nullable(Type.String(), 'The webhook that it is owed to; null for the `replyTo` of a request.'),
      state: enumOf(DELIVERY_STATES, {
        description:
          '`waiting` for its turn or the next attempt, `sending`; and the ends: `sent`, `refused` by the address, `given_up` after too long.',
        examples: ['sent'],
      }),
      attempts: Type.Integer({ minimum: 0, description: 'How often it was tried.', examples: [1] }),
      nextAttemptAt: nullable(
        Type.Integer(),
        'The earliest instant of the next attempt, behind what waits before it (epoch milliseconds); null at its end.',
      ),
      createdAt: instant('When it became owed'),
      endedAt: nullable(Type.Integer(), 'When it ended (epoch milliseconds).'),
      lastError: nullable(Type.String(), 'What the last failed attempt met.'),
      link: nullable(Type.String(), 'Where people find it, if its transport has such a place.'),
    },
    { ...closed, description: 'One message owed to one address, and what became of it.' },
  ),
);

export const DeliveryList = component(
  'DeliveryList',
  Type.Object(
    {
      deliveries: Type.Array(Type.Unsafe<DeliveryDocument>({ $ref: 'Delivery#' }), { description: 'Newest first.' }),
      next: nullable(Type.String(), 'The `cursor` of the next page; null on the last one.'),
    },
    { ...closed, description: 'A page of deliveries.' },
  ),
);

export type DeliveryDocument = Static<typeof Delivery>;
