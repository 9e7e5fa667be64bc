import { AGENTS } from '../../core/model/agent.ts';
import { APPROVAL_KINDS, APPROVAL_STATES, DECIDERS } from '../../core/model/approval.ts';
import { DELIVERY_KINDS, DELIVERY_STATES } from '../../core/model/delivery.ts';
import { PRIORITIES, REQUEST_STATES, SOURCES } from '../../core/model/request.ts';
import { WEBHOOK_EVENTS } from '../../core/model/webhook.ts';
import { USAGE_GROUPS } from '../../core/ports/usage/usage-store.ts';
import { PHASES, REASON_NAMES } from '../answers/schema-parts.ts';

/** Words of which clients switch on: each list has one name. */
const NAMES: Readonly<Record<string, readonly [values: readonly string[], description: string]>> = {
  RequestState: [REQUEST_STATES, 'Where a request stands: it ends in exactly one of the last four.'],
  Phase: [PHASES, 'Where a running request stands.'],
  Reason: [REASON_NAMES, 'Why a request did not complete. Later versions may know more.'],
  Priority: [PRIORITIES, 'The class of a request, high before low.'],
  Source: [SOURCES, 'Where a request came in. Later versions may know more.'],
  Agent: [AGENTS, 'The program that does the work. Later versions may know more.'],
  ApprovalState: [APPROVAL_STATES, 'Where an approval stands.'],
  ApprovalKind: [APPROVAL_KINDS, 'What is asked. Later versions may know more.'],
  Decider: [DECIDERS, 'Who decided.'],
  DeliveryState: [DELIVERY_STATES, 'Where a delivery stands.'],
  DeliveryKind: [DELIVERY_KINDS, 'What is delivered. Later versions may know more.'],
  WebhookEvent: [WEBHOOK_EVENTS, 'What a webhook may be told of.'],
  UsageGroup: [USAGE_GROUPS, 'What usage is summed up by.'],
};

const BY_VALUES = new Map(Object.entries(NAMES).map(([name, [values]]) => [JSON.stringify(values), name]));

/** Replaces each list by its name, and adds those that were found to `schemas`. */
export function nameEnums(value: unknown, schemas: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => nameEnums(item, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const { type, enum: values, examples: _, ...others } = value as Readonly<Record<string, unknown>>;
  const name = type === 'string' && Array.isArray(values) ? BY_VALUES.get(JSON.stringify(values)) : undefined;
  if (name !== undefined) {
    const [list = [], description] = NAMES[name] ?? [];
    schemas[name] ??= { type: 'string', enum: [...list], description };
    return { $ref: `#/components/schemas/${name}`, ...others };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nameEnums(inner, schemas)]));
}
