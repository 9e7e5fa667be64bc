import { expect } from '@jest/globals';
import type { ApiCall } from './api-call.ts';
import { until } from './until.ts';

export interface ApprovalDocument {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly requestId: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly canRemember: boolean;
  readonly decision: string | null;
  readonly decidedBy: string | null;
}

/** It may be that of a session that is only just being started, beside others. */
const OPEN_WITHIN_MS = 50_000;

/** Approvals over the API. */
export interface Approvals {
  of(requestId: string): Promise<readonly ApprovalDocument[]>;
  /** Waits for so many open ones. */
  open(requestId: string, count?: number): Promise<readonly ApprovalDocument[]>;
  /** The status of the answer, and its body. */
  decide(id: string, body: object): Promise<{ readonly status: number; readonly body: ApprovalDocument }>;
  read(id: string): Promise<ApprovalDocument>;
}

export function createApprovalCalls(call: ApiCall): Approvals {
  async function of(requestId: string): Promise<readonly ApprovalDocument[]> {
    const { body } = await call('GET', `/approvals?requestId=${requestId}`);
    return (body as { approvals: readonly ApprovalDocument[] }).approvals.toReversed();
  }
  return {
    of,
    async open(requestId, count = 1) {
      return until(async () => {
        const found = (await of(requestId)).filter(({ state }) => state === 'open');
        return found.length >= count ? found : null;
      }, OPEN_WITHIN_MS);
    },
    async decide(id, body) {
      const { status, body: document } = await call('POST', `/approvals/${id}`, { json: body });
      return { status, body: document as unknown as ApprovalDocument };
    },
    async read(id) {
      const { status, body } = await call('GET', `/approvals/${id}`);
      expect(status).toBe(200);
      return body as unknown as ApprovalDocument;
    },
  };
}
