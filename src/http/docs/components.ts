import { Approval, ApprovalList } from '../approvals/approval-schemas.ts';
import { AuditLine, AuditPage } from '../audit/audit-schemas.ts';
import { AcceptedTask, BotStatus } from '../contracts/bot/bot-schemas.ts';
import {
  QuickDiff,
  QuickHistory,
  QuickMessage,
  QuickPublished,
  QuickSession,
  QuickSessionList,
} from '../contracts/quick/quick-schemas.ts';
import { Delivery, DeliveryList } from '../deliveries/delivery-schemas.ts';
import { Webhook, WebhookList, WebhookSecret } from '../webhooks/webhook-schemas.ts';
import { Health, Probe } from '../health/health-schemas.ts';
import { RequestList, RequestSummary } from '../requests/request-list-schemas.ts';
import { Accepted, Status } from '../requests/request-schemas.ts';
import { Deleted, Session, SessionList } from '../sessions/session-schemas.ts';
import { StreamTicket } from '../streams/stream-schemas.ts';
import { Key, KeyList, NewKey } from '../keys/key-schemas.ts';
import { Problem } from '../answers/problem-schema.ts';
import { UsageSums } from '../usage/usage-schemas.ts';
import type { Component } from '../answers/schema-parts.ts';

/** What `components.schemas` of the OpenAPI document holds. */
export const COMPONENTS: readonly Component[] = [
  Accepted,
  AcceptedTask,
  BotStatus,
  Approval,
  ApprovalList,
  RequestSummary,
  RequestList,
  StreamTicket,
  Status,
  Session,
  SessionList,
  Deleted,
  Health,
  QuickSession,
  QuickSessionList,
  QuickHistory,
  QuickMessage,
  QuickDiff,
  QuickPublished,
  Delivery,
  DeliveryList,
  Webhook,
  WebhookSecret,
  WebhookList,
  UsageSums,
  AuditLine,
  AuditPage,
  Key,
  NewKey,
  KeyList,
  Probe,
  Problem,
];
