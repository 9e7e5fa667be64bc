import type { Config } from '../config/config.ts';
import type { FlowSettings } from '../core/flows/parts.ts';

const DAY_MS = 86_400_000;

export function toFlowSettings({
  agent,
  budgets,
  deliveries,
  limits,
  log,
  retention,
  terminal,
  traces,
  telegram,
  discord,
}: Config): FlowSettings {
  return {
    defaultAgent: agent.default,
    turnTimeoutMs: limits.turnTimeoutMs,
    queueTimeoutMs: limits.queueTimeoutMs,
    pauseProbeMs: limits.pauseProbeMs,
    queueMax: limits.queueMax,
    sessionQueueMax: limits.sessionQueueMax,
    maxLiveSessions: limits.maxLiveSessions,
    sessionIdleMs: limits.sessionIdleMs,
    maxRunningTurns: limits.maxRunningTurns,
    approvalTimeoutMs: limits.approvalTimeoutMs,
    terminalWriteEnabled: terminal.writeEnabled,
    chats: new Map([
      ...(telegram === null ? [] : [['telegram', telegram.access] as const]),
      ...(discord === null ? [] : [['discord', discord.access] as const]),
    ]),
    chatFileMaxBytes: limits.chatFileMaxBytes,
    deliveryGiveUpMs: deliveries.giveUpMs,
    ...budgets,
    notesPrompts: log.prompts,
    idempotencyTtlMs: DAY_MS,
    isTraced: traces.endpoint !== null,
    ...retention,
  };
}
