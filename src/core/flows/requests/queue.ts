import type { AgentName } from '../../model/agent.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { RequestView } from '../../ports/gateway/requests.ts';

/** What requests need of the queues that they wait in. */
export interface Queue {
  /** The request waits from now on. */
  added(request: RequestRecord): void;
  /** Looks whether this session has work. */
  kick(workspace: string, agent: AgentName): void;
  /** The turn that runs in this session, once a claim under way has been decided. */
  claimed(workspace: string): Promise<CancellableTurn | null>;
  /** `position`: of one that waits. */
  outlook(request: RequestRecord, position: number | null): Promise<Outlook>;
}

export interface CancellableTurn {
  readonly request: RequestRecord;
  stop(cause: 'cancelled'): void;
}

/** What the request has before it. */
export type Outlook = Pick<RequestView, 'position' | 'estimatedCompletionAt' | 'pause'>;
