import type { RequestRecord } from '../../model/request.ts';
import type { FlowParts } from '../parts.ts';
import type { Outlook } from '../requests/queue.ts';
import { estimateEnd } from './estimate.ts';
import type { Lanes } from './lanes/lanes.ts';
import type { Pauses } from './pauses.ts';

export interface OutlookDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock'>;
  readonly lanes: Pick<Lanes, 'running'>;
  readonly pauses: Pick<Pauses, 'of'>;
}

export async function readOutlook(
  { parts, lanes, pauses }: OutlookDeps,
  request: RequestRecord,
  position: number | null,
): Promise<Outlook> {
  const pause = request.state === 'queued' ? pauses.of(request.agent) : null;
  const runningSince = lanes.running(request.workspace)?.request.startedAt ?? null;
  const estimatedCompletionAt = await estimateEnd(parts, { request, position, runningSince });
  return { position, estimatedCompletionAt, pause };
}
