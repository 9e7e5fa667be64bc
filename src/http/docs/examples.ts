import { createProblem, type ProblemCode } from '../answers/problem.ts';

// What the document shows and its page fills in: whole, true together, and each tried by a test.

const AT = 1_767_225_600_000;
const REQUEST = 'req-mjv3k2a0-4f6Qm8Zr';

/** A first try of each works on a fresh gateway and harms nothing. */
export const BODY_EXAMPLES: Readonly<Record<string, object>> = {
  execute: { workspace: 'demo', command: 'Say hello.' },
  createSession: { workspace: 'demo' },
  submitTask: { task_id: 'TASK-1', command: 'Say hello.' },
  startQuickSession: { repo: 'owner/repo' },
  sendQuickMessage: { content: 'List the files in this repo' },
  publishQuickSession: { title: 'Handle errors of the login' },
  decideApproval: { decision: 'deny', message: 'Use the staging database.' },
  createKey: { name: 'nightly jobs', scopes: ['execute', 'read'], workspaces: ['nightly-*'] },
  createWebhook: { url: 'https://example.org/hook', events: ['request.completed', 'request.failed'] },
};

const SPENT = { inputTokens: 1_200, outputTokens: 300, cacheReadTokens: 9_000, cacheWriteTokens: 800 };

const SUMMARY = {
  requestId: REQUEST,
  workspace: 'demo',
  agent: 'claude',
  source: 'http',
  priority: 'normal',
  state: 'completed',
  phase: null,
  reason: null,
  retryable: null,
  error: null,
  createdAt: AT,
  startedAt: AT + 20,
  completedAt: AT + 4_200,
  retries: 0,
  output: { available: true, bytes: 6 },
};

const DELIVERY = {
  id: 'msg_mjv3k2a04f6c1d2e3b',
  to: 'webhook:https://example.org',
  kind: 'answer',
  event: 'request.completed',
  requestId: REQUEST,
  workspace: 'demo',
  webhookId: null,
  state: 'sent',
  attempts: 1,
  nextAttemptAt: null,
  createdAt: AT + 4_200,
  endedAt: AT + 4_400,
  lastError: null,
  link: null,
};

const KEY = {
  id: '6f1c2d3e4a5b6c7d',
  name: 'nightly jobs',
  scopes: ['execute', 'read'],
  workspaces: ['nightly-*'],
  rateLimitMax: null,
  activeMax: 5,
  dailyTurnsMax: 200,
  dailyCostMicroUsdMax: null,
  createdAt: AT,
  expiresAt: null,
  lastUsedAt: null,
};

const STATUS = {
  ...SUMMARY,
  sessionName: 'claude-demo',
  prompt: { altered: false, how: [] },
  conversationLost: null,
  elapsed: 9_000,
  duration: 4_200,
  position: null,
  pause: null,
  estimatedCompletionAt: null,
  output: { available: true, bytes: 6, text: 'Hello.' },
  usage: {
    ...SPENT,
    costMicroUsd: 23_400,
    models: [{ model: 'claude-sonnet-4-5', ...SPENT, costMicroUsd: 23_400 }],
  },
  usagePending: false,
  approvals: [],
  deliveries: [DELIVERY],
};

const APPROVAL = {
  id: 'apr-mjv3k2a0-4f6Qm8Zr',
  state: 'open',
  kind: 'tool',
  requestId: REQUEST,
  workspace: 'demo',
  tool: 'Bash',
  input: { command: 'npm test' },
  subagent: null,
  canRemember: true,
  rules: [{ type: 'addRules', behavior: 'allow', rules: [{ toolName: 'Bash', ruleContent: 'npm test' }] }],
  questions: null,
  decision: null,
  message: null,
  answers: null,
  decidedBy: null,
  decidedAt: null,
  createdAt: AT + 1_000,
  expiresAt: AT + 601_000,
};

const SESSION = {
  workspace: 'demo',
  sessionName: 'claude-demo',
  agent: 'claude',
  agentSessionId: '0199b7a2-3c4d-7e5f-8a6b-1c2d3e4f5a6b',
  status: 'idle',
  createdAt: AT,
  lastActivityAt: AT + 4_200,
  activeRequests: 0,
  totalRequests: 1,
  spent: { requests: 1, ...SPENT, costMicroUsd: 23_400, unpriced: 0 },
  age: 9_000,
  attach: "tmux -S /srv/gatehouse/data/tmux/server attach -t '=claude-demo'",
  attached: 0,
  permissionMode: 'default',
  process: { pid: 4_711, processes: 3, memoryBytes: 335_544_320, cpuMs: 2_100, startedAt: AT },
};

const QUICK = {
  id: 'quick-1767225600',
  repo: 'owner/repo',
  status: 'idle',
  worktree_path: '/srv/worktrees/quick-1767225600',
  claude_session_id: '0199b7a2-3c4d-7e5f-8a6b-1c2d3e4f5a6b',
  created_at: '2026-01-01T00:00:00Z',
  last_activity: '2026-01-01T00:00:09Z',
  message_count: 1,
  total_cost_usd: 0.0234,
};

const QUICK_MESSAGE = {
  id: REQUEST,
  session_id: QUICK.id,
  role: 'user',
  content: 'List the files in this repo',
  timestamp: '2026-01-01T00:00:04Z',
  cost_usd: null,
  tool_name: null,
  tool_input: null,
};

const WEBHOOK = {
  id: 'whk-mjv3k2a0-4f6Qm8Zr',
  url: 'https://example.org/hook',
  events: ['request.completed', 'request.failed'],
  workspaces: null,
  createdAt: AT,
};

const ACCEPTED = { workspace: 'demo', message: 'Command queued for execution' };

/** Of each answer, by the name of its schema. */
export const SCHEMA_EXAMPLES: Readonly<Record<string, unknown>> = {
  Accepted: { requestId: REQUEST, source: 'http', status: 'queued', ...ACCEPTED },
  AcceptedTask: {
    status: 'queued',
    task_id: 'TASK-1',
    requestId: REQUEST,
    source: 'bot',
    ...ACCEPTED,
    workspace: 'bot',
  },
  BotStatus: {
    status: 'idle',
    uptime: 3_600,
    tasks_processed: 12,
    tasks_waiting: 0,
    current_task: null,
    current_request_id: null,
    current_source: null,
    workspace: 'bot',
  },
  Approval: APPROVAL,
  ApprovalList: { approvals: [APPROVAL], total: 1 },
  RequestSummary: SUMMARY,
  RequestList: { requests: [SUMMARY], next: null },
  StreamTicket: { ticket: 'tkt-4f6Qm8Zr1c2D3e4F5g6H7j8K', expiresAt: AT + 30_000 },
  Status: STATUS,
  Session: SESSION,
  SessionList: { sessions: [SESSION], total: 1 },
  Deleted: { workspace: 'demo', status: 'deleted' },
  Health: {
    status: 'healthy',
    timestamp: '2026-01-01T00:00:00.000Z',
    checks: {
      tmuxServer: { healthy: true, sessionsCount: 1 },
      sessions: { healthy: true, total: 1, active: 0, live: 1, max: 8 },
      filesystem: { healthy: true },
      gateway: { healthy: true, transports: [], hookListener: true },
      store: { healthy: true, today: { costUsd: 0.0234, leftUsd: null, unpriced: 0 } },
      agent: { healthy: true, installed: true, credentials: true, version: '2.1.332', pause: null },
    },
  },
  QuickSession: QUICK,
  QuickSessionList: [QUICK],
  QuickHistory: { ...QUICK, messages: [QUICK_MESSAGE] },
  QuickMessage: QUICK_MESSAGE,
  QuickDiff: {
    base: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    files: [{ path: 'README.md', from: null, change: 'modified' }],
    diff: 'diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-Hello\n+Hello.\n',
    truncated: false,
  },
  QuickPublished: {
    branch: 'quick/quick-1767225600',
    commit: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    link: 'https://example.org/owner/repo/pull/1',
    note: null,
    skipped: [],
  },
  Delivery: DELIVERY,
  DeliveryList: { deliveries: [DELIVERY], next: null },
  Webhook: { ...WEBHOOK, state: 'active', failingSince: null, lastError: null },
  WebhookSecret: { ...WEBHOOK, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  WebhookList: { webhooks: [{ ...WEBHOOK, state: 'active', failingSince: null, lastError: null }] },
  Key: KEY,
  NewKey: { ...KEY, key: 'gh_6f1c2d3e4a5b6c7d_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYq' },
  KeyList: { keys: [KEY] },
  AuditPage: {
    lines: [
      {
        ...{ seq: 1, at: AT, who: 'key:default', action: 'request.accepted', workspace: 'demo' },
        ...{ subject: 'req-mjv3k2a0-4f6Qm8Zr', detail: { source: 'http' } },
        hash: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
      },
    ],
    next: null,
  },
  Usage: {
    by: 'workspace',
    from: AT,
    to: AT + 86_400_000,
    groups: [{ name: 'demo', requests: 1, ...SPENT, costMicroUsd: 23_400, unpriced: 0 }],
    total: { requests: 1, ...SPENT, costMicroUsd: 23_400, unpriced: 0 },
  },
  Probe: { status: 'ok' },
};

/** Of each status, one that callers meet. */
export const PROBLEM_EXAMPLES: Readonly<Record<string, unknown>> = Object.fromEntries(
  (
    [
      ['invalid_field', 'missing: workspace', { field: 'workspace' }],
      ['unauthorized', 'send a valid key as X-API-Key, or as Authorization: Bearer'],
      ['budget_spent', 'The budget of this session is spent (QUICK_MAX_COST_USD): start another one'],
      ['scope_missing', 'this key lacks the scope execute'],
      ['not_found', 'Request not found: req-unknown'],
      ['request_timeout', 'the request did not arrive in time'],
      ['session_busy', 'The session of demo has active requests: cancel them, or use force=true'],
      ['cursor_gone', 'Events up to 40 are no longer kept: begin at 41'],
      ['prompt_too_large', 'command is longer than 262144 bytes'],
      ['unsupported_media_type', 'send application/json'],
      ['idempotency_mismatch', 'This Idempotency-Key came with another body before: use a new one for a new request'],
      ['upgrade_required', 'open a WebSocket on this path'],
      ['queue_full', 'The queue of demo is full: try again later', { retryAfter: 5 }],
      ['internal', 'Something went wrong: see the log of the gateway'],
      ['terminal_unavailable', 'node-pty has no build for this platform'],
      ['remote_failed', 'The remote did not answer within 20 s'],
      ['draining', 'The gateway is shutting down', { retryAfter: 10 }],
      ['no_space', 'The disk has no room for a worktree'],
    ] as readonly (readonly [ProblemCode, string, { readonly field?: string; readonly retryAfter?: number }?])[]
  ).map(([code, detail, more]) => {
    const problem = createProblem(code, detail, more);
    return [String(problem.status), problem];
  }),
);
