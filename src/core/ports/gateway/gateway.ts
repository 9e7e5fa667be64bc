import type { AuditApi } from '../audit/audit.ts';
import type { AnswersApi } from './answers.ts';
import type { ApprovalsApi } from './approvals.ts';
import type { DeliveriesApi } from './deliveries.ts';
import type { ChatsApi } from './chats.ts';
import type { EventsApi } from './events.ts';
import type { HealthApi } from './health.ts';
import type { KeptKeysApi } from './requests.ts';
import type { KeysApi } from '../keys/keys.ts';
import type { QuickApi } from '../quick/quick.ts';
import type { RequestsApi } from './requests.ts';
import type { SessionsApi } from './sessions.ts';
import type { TerminalsApi } from './terminals.ts';
import type { ThreadsApi } from './threads.ts';
import type { UsageApi } from '../usage/usage.ts';
import type { WebhooksApi } from './webhooks.ts';

/** What surfaces talk to: each asks for the nouns that it needs. All failures are GatewayError. */
export interface GatewayApi {
  readonly requests: RequestsApi;
  readonly answers: AnswersApi;
  readonly keptKeys: KeptKeysApi;
  readonly sessions: SessionsApi;
  readonly approvals: ApprovalsApi;
  readonly deliveries: DeliveriesApi;
  readonly webhooks: WebhooksApi;
  readonly chats: ChatsApi;
  readonly events: EventsApi;
  readonly terminals: TerminalsApi;
  readonly threads: ThreadsApi;
  readonly quick: QuickApi;
  readonly usage: UsageApi;
  readonly keys: KeysApi;
  readonly audit: AuditApi;
  readonly health: HealthApi;
}
