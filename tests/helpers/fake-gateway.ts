import type { ApprovalRecord } from '../../src/core/model/approval.ts';
import { GatewayError } from '../../src/core/model/errors.ts';
import { normalisePrompt } from '../../src/core/model/prompt.ts';
import { hasEnded, isRetryable, type RequestEnd, type RequestRecord } from '../../src/core/model/request.ts';
import type { SessionRecord } from '../../src/core/model/session.ts';
import { toSessionName } from '../../src/core/model/workspace.ts';
import type { GatewayApi, Health, SessionView, Submission, Submitted } from '../../src/core/ports/gateway.ts';
import { createFakeTerminal, type FakeTerminal } from './fake-attached-terminal.ts';

export interface FakeGateway extends GatewayApi {
  /** All that were opened, oldest first. */
  readonly terminals: readonly FakeTerminal[];
  /** Every submission that was accepted or refused, oldest first. */
  readonly submissions: readonly Submission[];
  /** Aborted or not, for every wait that began, oldest first. */
  readonly waits: readonly AbortSignal[];
  /** What became a request, oldest first. */
  readonly accepted: readonly RequestRecord[];
  /** Ids that a client left, and those that it has the answer of. */
  readonly left: readonly string[];
  readonly handed: readonly string[];
  /** The next call of a method throws this. */
  failNext(error: unknown): void;
  change(id: string, change: Partial<RequestRecord>): void;
  end(id: string, end?: Partial<RequestEnd>): void;
  setScreen(workspace: string, screen: string): void;
  addApproval(approval: ApprovalRecord): void;
  setReady(ready: boolean): void;
  setHealth(health: Health['status']): void;
  /** Resolves when the next wait for an end begins. */
  nextWait(): Promise<AbortSignal>;
}

/** The gateway as its port tells it, in memory; turns end only when a test says so. */
export function createFakeGateway(overrides: Partial<GatewayApi> = {}): FakeGateway {
  const requests = new Map<string, RequestRecord>();
  const sessions = new Map<string, SessionRecord>();
  const approvals = new Map<string, ApprovalRecord>();
  const screens = new Map<string, string>();
  const terminals: FakeTerminal[] = [];
  const keys = new Map<string, { readonly bodyHash: string; readonly id: string }>();
  const submissions: Submission[] = [];
  const waits: AbortSignal[] = [];
  const kept = new Set<string>();
  const left: string[] = [];
  const handed: string[] = [];
  const changed = new EventTarget();
  let ready = true;
  let healthy: Health['status'] = 'healthy';
  let failure: { readonly error: unknown } | null = null;

  function throwIfAsked(): void {
    const asked = failure;
    failure = null;
    // oxlint-disable-next-line typescript/only-throw-error -- a test may ask for anything
    if (asked !== null) throw asked.error;
  }

  function find(id: string): RequestRecord {
    const request = requests.get(id);
    if (request === undefined) throw new GatewayError('not_found', `there is no request ${id}`);
    return request;
  }

  function findApproval(id: string): ApprovalRecord {
    const approval = approvals.get(id);
    if (approval === undefined) throw new GatewayError('not_found', `there is no approval ${id}`);
    return approval;
  }

  function findSession(workspace: string): SessionRecord {
    const session = sessions.get(workspace);
    if (session === undefined) throw new GatewayError('not_found', `there is no session ${workspace}`);
    return session;
  }

  function change(id: string, update: Partial<RequestRecord>): void {
    requests.set(id, { ...find(id), ...update });
    changed.dispatchEvent(new Event(id));
  }

  function end(id: string, how: Partial<RequestEnd> = {}): void {
    const outcome: RequestEnd = { state: 'completed', reason: null, error: null, text: null, usage: null, ...how };
    change(id, {
      ...outcome,
      phase: null,
      completedAt: Date.now(),
      retryable: outcome.reason === null ? null : isRetryable(outcome.reason),
    });
  }

  function listActive(workspace: string): readonly RequestRecord[] {
    return [...requests.values()].filter((request) => request.workspace === workspace && !hasEnded(request.state));
  }

  function toView(session: SessionRecord): SessionView {
    const all = [...requests.values()].filter(({ workspace }) => workspace === session.workspace);
    return {
      ...session,
      sessionName: toSessionName(session.workspace),
      status: all.some(({ state }) => state === 'running') ? 'active' : 'asleep',
      activeRequests: listActive(session.workspace).length,
      totalRequests: all.length,
      runningRequestId: all.find(({ state }) => state === 'running')?.id ?? null,
      age: Date.now() - session.createdAt,
      attach: null,
      attached: 0,
      process: null,
    };
  }

  function ensureSession(workspace: string): boolean {
    if (sessions.has(workspace)) return false;
    const now = Date.now();
    sessions.set(workspace, { workspace, agent: 'claude', agentSessionId: null, createdAt: now, lastActivityAt: now });
    return true;
  }

  const gateway: FakeGateway = {
    submissions,
    waits,
    left,
    handed,
    get accepted() {
      return [...requests.values()];
    },
    terminals,
    follow: async () => (async function* () {})(),
    submit: async (submission): Promise<Submitted> => {
      submissions.push(submission);
      throwIfAsked();
      const { text: prompt } = normalisePrompt(submission.prompt, submission.promptField);
      const { idempotency } = submission;
      const claim = idempotency === undefined ? undefined : `${idempotency.owner} ${idempotency.key}`;
      const earlier = claim === undefined ? undefined : keys.get(claim);
      if (earlier !== undefined && earlier.bodyHash !== idempotency?.bodyHash) {
        throw new GatewayError('idempotency_mismatch', 'this Idempotency-Key was used with another body');
      }
      if (earlier !== undefined) return { request: find(earlier.id), replayed: true };
      ensureSession(submission.workspace);
      const request = createRecord(`req-${requests.size + 1}`, submission, prompt);
      requests.set(request.id, request);
      if (claim !== undefined && idempotency !== undefined) {
        keys.set(claim, { bodyHash: idempotency.bodyHash, id: request.id });
        if (idempotency.kept === true) kept.add(claim);
      }
      return { request, replayed: false };
    },
    listKeptKeys: async (owner) =>
      [...kept].filter((claim) => claim.startsWith(`${owner} `)).map((claim) => claim.slice(owner.length + 1)),
    releaseKey: async (owner, key) => {
      if (kept.delete(`${owner} ${key}`)) keys.delete(`${owner} ${key}`);
    },
    leave: async (id) => void left.push(id),
    handedOver: async (id) => void handed.push(id),
    readRequest: async (id) => {
      throwIfAsked();
      const request = find(id);
      const queue = listActive(request.workspace).filter(({ state }) => state === 'queued');
      const position = request.state === 'queued' ? queue.indexOf(request) + 1 : null;
      return { request, position, estimatedCompletionAt: null, pause: null, approvals: [] };
    },
    waitForEnd: (id, signal) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const request = requests.get(id);
          if (request === undefined) return reject(new GatewayError('not_found', `there is no request ${id}`));
          if (!signal.aborted && !hasEnded(request.state)) return;
          changed.removeEventListener(id, look);
          signal.removeEventListener('abort', look);
          resolve(request);
        };
        changed.addEventListener(id, look);
        signal.addEventListener('abort', look);
        waits.push(signal);
        changed.dispatchEvent(new Event('wait'));
        look();
      }),
    cancel: async (id) => {
      throwIfAsked();
      if (!hasEnded(find(id).state)) end(id, { state: 'cancelled' });
      return find(id);
    },
    listRequests: async () => {
      throwIfAsked();
      return [];
    },
    listSessions: async () => {
      throwIfAsked();
      return [...sessions.values()].map(toView);
    },
    readSession: async (workspace) => toView(findSession(workspace)),
    createSession: async (workspace) => {
      throwIfAsked();
      const created = ensureSession(workspace);
      return { session: toView(findSession(workspace)), created };
    },
    deleteSession: async (workspace, force) => {
      findSession(workspace);
      const active = listActive(workspace);
      if (active.length > 0 && !force) {
        throw new GatewayError('session_busy', `${workspace} has ${active.length} active requests: use ?force=true`);
      }
      for (const { id } of active)
        end(id, { state: 'failed', reason: 'session_deleted', error: 'the session was deleted' });
      sessions.delete(workspace);
    },
    readScreen: async (workspace) => {
      findSession(workspace);
      const screen = screens.get(workspace);
      if (screen === undefined) throw new GatewayError('no_screen', `${workspace} is asleep`);
      return screen;
    },
    openTerminal: async (workspace, { write, ...size }) => {
      throwIfAsked();
      findSession(workspace);
      const terminal = createFakeTerminal({ ...size, workspace, readOnly: !write });
      terminals.push(terminal);
      return terminal;
    },
    listApprovals: async ({ state, workspace, requestId }, limit) => {
      throwIfAsked();
      const found = [...approvals.values()].filter(
        (approval) =>
          (state ?? approval.state) === approval.state &&
          (workspace ?? approval.workspace) === approval.workspace &&
          (requestId ?? approval.requestId) === approval.requestId,
      );
      return { approvals: found.toReversed().slice(0, limit), total: found.length };
    },
    readApproval: async (id) => findApproval(id),
    decideApproval: async (id, given) => {
      const approval = findApproval(id);
      if (approval.state !== 'open') throw new GatewayError('approval_decided', 'This approval has been decided');
      const { allow, message = null, remember = false, answers = null, mode = null } = given;
      const decision = { allow, message, remember, answers, mode };
      const decided = { decision, decidedBy: 'api', decidedAt: Date.now() } as const;
      const after: ApprovalRecord = { ...approval, ...decided, state: allow ? 'allowed' : 'denied' };
      approvals.set(id, after);
      return after;
    },
    health: async () => {
      throwIfAsked();
      return createHealth(healthy);
    },
    isReady: () => ready,
    failNext: (error) => {
      failure = { error };
    },
    change,
    end,
    setScreen: (workspace, screen) => screens.set(workspace, screen),
    addApproval: (approval) => void approvals.set(approval.id, approval),
    setReady: (value) => {
      ready = value;
    },
    setHealth: (status) => {
      healthy = status;
    },
    nextWait: () =>
      new Promise((resolve) => {
        changed.addEventListener('wait', () => resolve(waits.at(-1) ?? AbortSignal.abort()), { once: true });
      }),
    ...overrides,
  };
  return gateway;
}

function createRecord(id: string, submission: Submission, prompt: string): RequestRecord {
  return {
    id,
    workspace: submission.workspace,
    agent: submission.agent ?? 'claude',
    source: submission.source,
    identity: submission.identity,
    priority: submission.priority,
    prompt,
    timeoutMs: submission.timeoutMs ?? 1_800_000,
    replyTo: submission.replyTo ?? null,
    state: 'queued',
    phase: null,
    reason: null,
    retryable: null,
    error: null,
    cancelAskedAt: null,
    createdAt: Date.now(),
    startedAt: null,
    completedAt: null,
    epoch: 0,
    retries: 0,
    transcriptOffset: null,
    text: null,
    usage: null,
  };
}

function createHealth(status: Health['status']): Health {
  const check = { healthy: true };
  return {
    status,
    timestamp: Date.now(),
    checks: {
      tmuxServer: { healthy: true, sessionsCount: 3 },
      sessions: { healthy: true, total: 3, active: 2, live: 3, max: 8 },
      filesystem: check,
      gateway: check,
      store: check,
      agent: { healthy: status === 'healthy', installed: true, credentials: status === 'healthy' },
    },
  };
}
