import type { ApprovalRecord } from '../../../src/core/model/approval.ts';
import type { ChatNetwork } from '../../../src/core/ports/gateway/chats.ts';
import type { RequestRecord } from '../../../src/core/model/request.ts';
import type { DueDelivery, Outcome, Transport } from '../../../src/core/ports/transport.ts';
import { createTelegram, type TelegramOptions } from '../../../src/transports/telegram/telegram.ts';
import { deliverWhole, NOTHING } from '../deliver-whole.ts';
import { aDelivery } from '../fake-gateway/deliveries.ts';
import { createKeptLog, type KeptLog } from '../kept-log.ts';
import { GROUP, openTelegramServer, type TelegramServer, TOKEN } from './telegram-server.ts';

export const PERSON = 42;
/** None are known. */
export const NO_THREADS = { find: async () => null, list: async () => [] };

/** The transport before a server of its own, with one group that has topics. */
export interface TelegramBench {
  readonly server: TelegramServer;
  readonly telegram: ChatNetwork;
  readonly transport: Transport;
  readonly log: KeptLog;
  /** Attempts up to the last message, or the first that fails; what it became is kept for the next ones of this id. */
  deliver(delivery: Partial<DueDelivery> & { readonly id: string }, signal?: AbortSignal): Promise<Outcome>;
  noted(id: string): readonly string[];
  close(): Promise<void>;
}

export async function openTelegramBench(more: Partial<TelegramOptions> = {}): Promise<TelegramBench> {
  const server = await openTelegramServer();
  server.chat(GROUP, { isForum: true, mayManageTopics: true });
  const log = createKeptLog();
  const telegram = createTelegram({
    token: TOKEN,
    apiRoot: server.url,
    communities: [GROUP, PERSON].map(String),
    pauseAfterMs: 259_200_000,
    now: Date.now,
    log,
    ...more,
  });
  const notes = new Map<string, readonly string[]>();
  const noted = (id: string): readonly string[] => notes.get(id) ?? [];
  return {
    server,
    telegram,
    transport: telegram.transport,
    log,
    noted,
    deliver(delivery, signal = AbortSignal.timeout(20_000)) {
      const whole = toDue({ messages: noted(delivery.id), ...delivery });
      return deliverWhole(telegram.transport, whole, signal, (messages) => void notes.set(delivery.id, messages));
    },
    async close() {
      telegram.close();
      await server.close();
    },
  };
}

export function toDue(more: Partial<DueDelivery>): DueDelivery {
  return {
    ...aDelivery({ to: `telegram:${GROUP}` }),
    ...NOTHING,
    ...more,
  };
}

export function aRequest(more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: 'req-1',
    workspace: 'demo',
    agent: 'claude',
    source: 'inject',
    identity: { transport: 'inject', user_id: null, channel_id: 'inject', thread_id: null },
    priority: 'normal',
    prompt: 'do it',
    altered: [],
    arrived: null,
    conversationLost: null,
    timeoutMs: 1_000,
    replyTo: null,
    state: 'completed',
    phase: null,
    reason: null,
    retryable: null,
    error: null,
    cancelAskedAt: null,
    createdAt: 0,
    startedAt: 1_000,
    completedAt: 13_000,
    epoch: 1,
    retries: 0,
    transcriptOffset: null,
    text: 'done',
    usage: null,
    usagePending: false,
    trace: null,
    hookMetadata: {},
    ...more,
  };
}

export function anApproval(more: Partial<ApprovalRecord> = {}): ApprovalRecord {
  return {
    id: 'apr-1',
    requestId: 'req-1',
    workspace: 'demo',
    kind: 'tool',
    toolUseId: 'use-1',
    subagent: null,
    tool: 'Bash',
    input: { command: 'rm -r build' },
    rules: [],
    state: 'open',
    decision: null,
    decidedBy: null,
    decidedAt: null,
    createdAt: 0,
    expiresAt: 1,
    ...more,
  };
}
