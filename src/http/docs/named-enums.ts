import { AGENTS } from '../../core/model/agent.ts';
import { AUDIT_ACTIONS } from '../../core/model/audit/audit.ts';
import { APPROVAL_KINDS, APPROVAL_STATES, DECIDERS, PLAN_MODES } from '../../core/model/approval.ts';
import { DELIVERY_KINDS, DELIVERY_STATES } from '../../core/model/delivery.ts';
import { SCOPES } from '../../core/model/keys/key.ts';
import { ALTERATIONS } from '../../core/model/prompt.ts';
import {
  CALLER_PRIORITIES,
  CONVERSATION_LOSSES,
  PRIORITIES,
  REQUEST_STATES,
  SOURCES,
} from '../../core/model/request.ts';
import { SESSION_STATUSES } from '../../core/model/session.ts';
import { WEBHOOK_EVENTS } from '../../core/model/webhook.ts';
import { PAUSE_REASONS } from '../../core/ports/gateway/requests.ts';
import { QUICK_STATUSES } from '../../core/ports/quick/quick.ts';
import { FILE_CHANGES } from '../../core/ports/quick/worktrees.ts';
import { USAGE_GROUPS } from '../../core/ports/usage/usage-store.ts';
import { PHASES, REASON_NAMES } from '../answers/schema-parts.ts';
import { DECISIONS } from '../approvals/approval-schemas.ts';
import { BOT_STATUSES } from '../contracts/bot/bot-schemas.ts';
import { QUICK_ROLES } from '../contracts/quick/quick-schemas.ts';
import { HEALTH_STATUSES, PROBE_STATUSES } from '../health/health-schemas.ts';
import { WEBHOOK_STATES } from '../webhooks/webhook-schemas.ts';
import { BOT_FRAME_TYPES, BOT_TASK_TYPES, QUICK_FRAME_TYPES, TERMINAL_ENDS } from './frames.ts';

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
  CallerPriority: [CALLER_PRIORITIES, 'The classes that a caller may ask for.'],
  Alteration: [ALTERATIONS, 'What became of a prompt on its way. Later versions may know more.'],
  ConversationLoss: [CONVERSATION_LOSSES, 'What became of the conversation before.'],
  PauseReason: [PAUSE_REASONS, 'Why an agent is given no work. Later versions may know more.'],
  SessionStatus: [SESSION_STATUSES, 'What a session does.'],
  Decision: [DECISIONS, 'What an approval is answered with.'],
  PlanMode: [PLAN_MODES, 'How the agent goes on behind a plan.'],
  AuditAction: [AUDIT_ACTIONS, 'What somebody did. Later versions may know more.'],
  Scope: [SCOPES, 'What a key may do. Later versions may know more.'],
  WebhookState: [WEBHOOK_STATES, 'Where a webhook stands.'],
  BotState: [BOT_STATUSES, 'What the bot does.'],
  QuickStatus: [QUICK_STATUSES, 'What a quick session does.'],
  QuickRole: [QUICK_ROLES, 'Who says a message.'],
  FileChange: [FILE_CHANGES, 'What became of a file.'],
  HealthStatus: [HEALTH_STATUSES, 'Whether every check is healthy.'],
  ProbeStatus: [PROBE_STATUSES, 'Whether it is so.'],
  BotTaskType: [BOT_TASK_TYPES, 'Both say the same.'],
  BotFrameType: [BOT_FRAME_TYPES, 'What a frame of `/ws` says.'],
  QuickFrameType: [QUICK_FRAME_TYPES, 'What a frame of a quick session says. Later versions may know more.'],
  TerminalEnd: [TERMINAL_ENDS, 'Why a terminal ended.'],
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
