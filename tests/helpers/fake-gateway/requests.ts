import { GatewayError } from '../../../src/core/model/errors.ts';
import { normalisePrompt } from '../../../src/core/model/prompt.ts';
import { hasEnded, type RequestRecord } from '../../../src/core/model/request.ts';
import type { KeptKeysApi } from '../../../src/core/ports/gateway/requests.ts';
import type { RequestsApi, Submission } from '../../../src/core/ports/gateway/requests.ts';
import type { Memory } from './memory.ts';

export interface FakeRequests {
  readonly api: RequestsApi;
  readonly keptKeys: KeptKeysApi;
  /** Every submission that was accepted or refused, oldest first. */
  readonly submissions: readonly Submission[];
  /** Aborted or not, for every wait that began, oldest first. */
  readonly waits: readonly AbortSignal[];
}

export function createFakeRequests({ requests, changed, ...memory }: Memory): FakeRequests {
  const keys = new Map<string, { readonly bodyHash: string; readonly id: string }>();
  const kept = new Set<string>();
  const submissions: Submission[] = [];
  const waits: AbortSignal[] = [];

  const api: RequestsApi = {
    submit: async (submission) => {
      submissions.push(submission);
      memory.throwIfAsked();
      const { text: prompt } = normalisePrompt(submission.prompt, submission.promptField);
      const { idempotency } = submission;
      const claim = idempotency === undefined ? undefined : `${idempotency.owner} ${idempotency.key}`;
      const earlier = claim === undefined ? undefined : keys.get(claim);
      if (earlier !== undefined && earlier.bodyHash !== idempotency?.bodyHash) {
        throw new GatewayError('idempotency_mismatch', 'this Idempotency-Key was used with another body');
      }
      if (earlier !== undefined) return { request: memory.findRequest(earlier.id), replayed: true };
      memory.ensureSession(submission.workspace);
      const request = createRecord(`req-${requests.size + 1}`, submission, prompt);
      requests.set(request.id, request);
      if (claim !== undefined && idempotency !== undefined) {
        keys.set(claim, { bodyHash: idempotency.bodyHash, id: request.id });
        if (idempotency.kept === true) kept.add(claim);
      }
      return { request, replayed: false };
    },
    foresee: async () => null,
    read: async (id) => {
      memory.throwIfAsked();
      const request = memory.findRequest(id);
      const queue = memory.listActive(request.workspace).filter(({ state }) => state === 'queued');
      const position = request.state === 'queued' ? queue.indexOf(request) + 1 : null;
      return {
        request,
        position,
        estimatedCompletionAt: null,
        pause: null,
        approvals: [],
        deliveries: memory.deliveries.filter((delivery) => delivery.requestId === id),
      };
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
      memory.throwIfAsked();
      if (!hasEnded(memory.findRequest(id).state)) memory.end(id, { state: 'cancelled' });
      return memory.findRequest(id);
    },
    // Of chats, which do not speak to this one.
    change: async () => null,
    unendedFor: async () => [],
    list: async () => {
      memory.throwIfAsked();
      return [];
    },
  };
  const keptKeys: KeptKeysApi = {
    list: async (owner) =>
      [...kept].filter((claim) => claim.startsWith(`${owner} `)).map((claim) => claim.slice(owner.length + 1)),
    release: async (owner, key) => {
      if (kept.delete(`${owner} ${key}`)) keys.delete(`${owner} ${key}`);
    },
  };
  return { api, keptKeys, submissions, waits };
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
    altered: [],
    arrived: null,
    conversationLost: null,
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
    usagePending: false,
    trace: null,
    hookMetadata: {},
  };
}
