import { hasEnded, type RequestRecord } from '../../../core/model/request.ts';
import { sayDuration } from '../../../core/model/words/duration.ts';
import type { DueDelivery } from '../../../core/ports/transport.ts';
import { bare, inline } from './text.ts';

const ERROR_MAX = 1_500;
const SUMMARY_MAX = 200;

/** How a request gets on, in one line; once it has ended, how it ended. */
export function toProgress({ event, request }: DueDelivery, now: number): string {
  if (request !== null && hasEnded(request.state)) return toEnd(request);
  const startedAt = request?.startedAt ?? null;
  const since = startedAt === null ? '' : ` (${sayDuration(now - startedAt)})`;
  return `${toActivity(event.type, event.data)}${since}`;
}

function toActivity(type: string, data: Readonly<Record<string, unknown>>): string {
  const { position, tool, summary } = data;
  switch (type) {
    case 'request.queued':
    case 'request.moved':
    case 'request.requeued':
      return typeof position === 'number' && position > 0 ? `⏳ Waits: place ${position}` : '⏳ Waits';
    case 'tool.started': {
      const what = typeof summary === 'string' ? inline(summary, SUMMARY_MAX) : '';
      return `⚙️ ${bare(String(tool), 60)}${what === '' ? '' : `: ${what}`}`;
    }
    case 'approval.opened':
      return '✋ Waits for a decision';
    case 'request.started':
      return '⚙️ Begins';
    default:
      return '⚙️ Works';
  }
}

/** A line about a request that has ended. */
export function toEnd({ state, startedAt, completedAt, reason, error }: RequestRecord): string {
  const time = startedAt === null || completedAt === null ? '' : ` ${sayDuration(completedAt - startedAt)}`;
  const why = error ?? reason;
  const because = why === null ? '' : `: ${bare(why, ERROR_MAX)}`;
  switch (state) {
    case 'completed':
      return time === '' ? '✅ Done' : `✅ Done in${time}`;
    case 'failed':
      return `❌ Failed${time === '' ? '' : ` after${time}`}${because}`;
    case 'timed_out':
      return `❌ Out of time${time === '' ? '' : ` after${time}`}${because}`;
    case 'cancelled':
      return `🚫 Cancelled${because}`;
    case 'queued':
    case 'running':
      return '⚙️ Works';
  }
}
