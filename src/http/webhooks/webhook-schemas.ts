import { Type, type Static } from 'typebox';
import { WEBHOOK_EVENTS } from '../../core/model/webhook.ts';
import { closed, component, enumOf, instant, nullable, workspace } from '../answers/schema-parts.ts';

export const WebhookParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'As listed by GET /webhooks.',
    examples: ['whk-mjv3k2a0-4f6Qm8Zr'],
  }),
});

export const WebhookBody = Type.Object(
  {
    url: Type.String({
      minLength: 1,
      maxLength: 2048,
      description: 'Where to POST: https in a public network, or what WEBHOOK_ALLOW_PRIVATE names.',
      examples: ['https://example.org/hook'],
    }),
    events: Type.Array(enumOf(WEBHOOK_EVENTS), {
      minItems: 1,
      maxItems: WEBHOOK_EVENTS.length,
      uniqueItems: true,
      description: 'What to tell of.',
      examples: [['request.completed', 'request.failed', 'approval.opened']],
    }),
    workspaces: Type.Optional(
      Type.Array(workspace, {
        minItems: 1,
        maxItems: 1000,
        description: 'Of these workspaces only; of all when absent.',
        examples: [['project-a']],
      }),
    ),
  },
  closed,
);

const fields = {
  id: Type.String({ description: 'Names the webhook.', examples: ['whk-mjv3k2a0-4f6Qm8Zr'] }),
  url: Type.String({ description: 'Where it is POSTed to.', examples: ['https://example.org/hook'] }),
  events: Type.Array(enumOf(WEBHOOK_EVENTS), { description: 'What it is told of.' }),
  workspaces: nullable(Type.Array(Type.String()), 'Of these workspaces only; null: of all.'),
  createdAt: instant('When it was made'),
} as const;

export const WEBHOOK_STATES = ['active', 'failing', 'paused', 'disabled'] as const;

export const Webhook = component(
  'Webhook',
  Type.Object(
    {
      ...fields,
      state: enumOf(WEBHOOK_STATES, {
        description:
          '`failing`: its address did not take what was tried last; `paused`: for days, so it is tried seldom; `disabled`: its receiver answered 410, so nothing more is owed to it.',
        examples: ['active'],
      }),
      failingSince: nullable(Type.Integer(), 'Since when its address takes nothing (epoch milliseconds).'),
      lastError: nullable(Type.String(), 'What the last failed attempt met.'),
    },
    { ...closed, description: 'A standing subscription.' },
  ),
);

export const WebhookSecret = component(
  'WebhookSecret',
  Type.Object(
    {
      ...fields,
      secret: Type.String({
        description: 'Verifies what it gets, by Standard Webhooks. It is shown only now.',
        examples: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
      }),
    },
    { ...closed, description: 'A standing subscription and its new secret.' },
  ),
);

export const WebhookList = component(
  'WebhookList',
  Type.Object(
    { webhooks: Type.Array(Type.Unsafe<WebhookDocument>({ $ref: 'Webhook#' }), { description: 'Oldest first.' }) },
    { ...closed, description: 'All webhooks.' },
  ),
);

export type WebhookDocument = Static<typeof Webhook>;
export type WebhookSecretDocument = Static<typeof WebhookSecret>;
