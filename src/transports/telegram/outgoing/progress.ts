import type { DeliveredEvent } from '../../../core/model/delivery.ts';
import { hasEnded, type RequestRecord } from '../../../core/model/request.ts';
import { cut } from '../../../core/model/words/cut.ts';
import { sayDuration } from '../../../core/model/words/duration.ts';

const LINE_MAX = 300;

/** One line: how a request gets on, and at last how it ended. */
export function sayProgress({ type, data }: DeliveredEvent, request: RequestRecord | null, now: number): string {
  if (request !== null && hasEnded(request.state)) return sayEnd(request);
  const elapsed = request?.startedAt == null ? '' : ` · ${sayDuration(now - request.startedAt)}`;
  return cut(sayEvent(type, data) + elapsed, LINE_MAX);
}

function sayEvent(type: DeliveredEvent['type'], data: DeliveredEvent['data']): string {
  if (type === 'request.queued' || type === 'request.moved') {
    const { position } = data;
    return typeof position === 'number' && position > 0 ? `⏳ Waiting: place ${position}` : '⏳ Waiting';
  }
  if (type === 'request.requeued') return '⏳ Waiting for another attempt';
  if (type === 'approval.opened') return '✋ Waiting for a decision';
  return type === 'tool.started' ? `🔧 ${sayTool(data)}` : '▶ Working';
}

function sayTool({ tool, summary }: DeliveredEvent['data']): string {
  const name = typeof tool === 'string' ? tool : 'A tool';
  return typeof summary === 'string' && summary.trim() !== '' ? `${name}: ${cut(summary.trim(), LINE_MAX / 2)}` : name;
}

/** A line about a request that has ended. */
export function sayEnd({ state, error, startedAt, completedAt, createdAt }: RequestRecord): string {
  const ms = completedAt === null ? 0 : completedAt - (startedAt ?? createdAt);
  const why = error === null ? '' : `: ${error}`;
  switch (state) {
    case 'completed':
      return `✓ Done in ${sayDuration(ms)}`;
    case 'failed':
      return cut(`✗ Failed after ${sayDuration(ms)}${why}`, LINE_MAX);
    case 'timed_out':
      return cut(`✗ Out of time after ${sayDuration(ms)}${why}`, LINE_MAX);
    case 'cancelled':
      return cut(`✗ Cancelled after ${sayDuration(ms)}${why}`, LINE_MAX);
    case 'queued':
    case 'running':
      return '▶ Working';
  }
}
