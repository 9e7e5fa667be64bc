import type { EventType } from './event.ts';

/** What a standing subscription may ask for: ends of requests, approvals, pauses. */
export const WEBHOOK_EVENTS = [
  'request.completed',
  'request.failed',
  'request.timed_out',
  'request.cancelled',
  'approval.opened',
  'approval.allowed',
  'approval.denied',
  'approval.expired',
  'agent.paused',
  'agent.resumed',
] as const satisfies readonly EventType[];
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** What addresses of webhooks begin with. */
export const WEBHOOK_PREFIX = 'webhook:';

export function toWebhookAddress(url: string): string {
  return WEBHOOK_PREFIX + url;
}

/** A new secret signs beside the one before for so long. */
export const SECRET_OVERLAP_MS = 86_400_000;
/** All of them sign: as many as fit into a header. */
export const SECRETS_MAX = 10;

/** A standing subscription. */
export interface WebhookRecord {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Null: all. */
  readonly workspaces: readonly string[] | null;
  readonly createdAt: number;
  /** Its receiver said that it is gone: nothing more is owed to it. */
  readonly disabledAt: number | null;
  /** What signs for it, the newest first. */
  readonly secrets: readonly WebhookSecret[];
}

export interface WebhookSecret {
  /** `whsec_` and base64. */
  readonly secret: string;
  /** Null: until there is another one. */
  readonly validUntil: number | null;
}

export function wantsEvent(type: EventType): type is WebhookEvent {
  return (WEBHOOK_EVENTS as readonly EventType[]).includes(type);
}
