import type { AgentRule, ApprovalRecord, Decision } from '../../src/core/model/approval.ts';

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
