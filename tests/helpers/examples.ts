import type { AgentRule, ApprovalRecord, Decision } from '../../src/core/model/approval.ts';
import type { Usage } from '../../src/core/model/usage/usage.ts';
import type { Spent } from '../../src/core/ports/usage/usage-store.ts';

export const ALLOW: Decision = { allow: true, message: null, remember: false, answers: null, mode: null };
export const DENY: Decision = { ...ALLOW, allow: false, message: 'not this one' };
export const LS: AgentRule = {
  type: 'addRules',
  behavior: 'allow',
  rules: [{ toolName: 'Bash', ruleContent: 'ls:*' }],
};

export const OPEN_APPROVAL: ApprovalRecord = {
  id: 'apr-1',
  requestId: 'req-1',
  workspace: 'demo',
  kind: 'tool',
  toolUseId: 'use-1',
  subagent: null,
  tool: 'Bash',
  input: { command: 'echo "née 🚪"', nested: { list: [1, null] } },
  rules: [{ type: 'setMode', mode: 'acceptEdits' }],
  state: 'open',
  decision: null,
  decidedBy: null,
  decidedAt: null,
  createdAt: 1_800_000_000_000,
  expiresAt: 1_800_000_600_000,
};

/** Of one model, at a price of two millionths of a dollar for each token. */
export function usageOf(inputTokens: number, outputTokens: number): Usage {
  const costMicroUsd = 2 * (inputTokens + outputTokens);
  const spent = { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, costMicroUsd };
  return { ...spent, models: [{ model: 'a-model', ...spent }] };
}

export const NOTHING_SPENT: Spent = {
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costMicroUsd: 0,
  unpriced: 0,
};
