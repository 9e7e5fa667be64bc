import type { HookMetadata } from '../../model/hooks/contexts.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { TurnApprovals } from '../approvals/turn-approvals.ts';
import type { FlowParts } from '../parts.ts';

/** A turn that is about to begin. */
export interface AskingTurn {
  readonly request: RequestRecord;
  readonly approvals: Pick<TurnApprovals, 'asked' | 'stored'>;
  readonly signal: AbortSignal;
  /** Resolves when it is on disk. */
  readonly keep: (metadata: HookMetadata) => Promise<void>;
}

export type AskParts = Pick<FlowParts, 'hooks' | 'store' | 'log'>;
