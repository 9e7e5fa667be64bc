import type { HookMetadata } from '../../model/hooks/contexts.ts';
import type { RequestEnd, RequestRecord } from '../../model/request.ts';
import type { TurnEnd } from '../../ports/agent.ts';
import type { TurnApprovals } from '../approvals/turn-approvals.ts';
import { askHooks } from '../hooks/ask-hooks.ts';
import type { FlowParts } from '../parts.ts';
import { untilStored } from '../until-stored.ts';
import type { Stopping } from './stopping.ts';

export interface BeginningTurn {
  readonly parts: FlowParts;
  readonly request: RequestRecord;
  readonly approvals: Pick<TurnApprovals, 'asked' | 'stored'>;
  readonly stopping: Stopping;
}

/** Null: the agent may be given the request; else how it ends without one. Never rejects. A turn of which something was
 *  put into the agent already has its permission. */
export async function mayBegin({
  parts,
  request,
  approvals,
  stopping,
}: BeginningTurn): Promise<RequestEnd | TurnEnd | null> {
  if (request.transcriptOffset !== null) return null;
  const { store, log } = parts;
  const { signal } = stopping;
  const isOver = (): boolean => stopping.cause() !== null;

  async function keep(metadata: HookMetadata): Promise<void> {
    const write = (): Promise<boolean> => store.keepHookMetadata(request, metadata);
    if ((await untilStored(parts, 'hook.metadata_not_stored', isOver, write)) === false) stopping.stop('not_owner');
    signal.throwIfAborted();
  }

  try {
    return await askHooks(parts, { request, approvals, signal, keep });
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted', text: null };
    log.error({ requestId: request.id, error: String(error) }, 'hooks.broke');
    return {
      kind: 'failed',
      reason: 'internal',
      error: 'The gateway could not ask its hooks; its log says how.',
      text: null,
    };
  }
}
