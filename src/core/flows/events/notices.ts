import { isNarration, type EventType } from '../../model/event.ts';
import type { FlowParts } from '../parts.ts';

/** Notes as an event what was seen. It changes no state, so one that is lost is only logged. */
export function appendNotice(
  parts: Pick<FlowParts, 'store' | 'clock' | 'log'>,
  workspace: string,
  requestId: string | null,
  notice: { readonly type: EventType; readonly data: Readonly<Record<string, unknown>> },
): void {
  const event = { type: notice.type, requestId, workspace, at: parts.clock.now(), data: notice.data };
  const fields = { workspace, requestId, ...notice.data };
  // Hundreds in one turn.
  if (isNarration(notice.type)) parts.log.debug(fields, notice.type);
  else parts.log.info(fields, notice.type);
  parts.store.appendEvent(event).catch((error: unknown) => {
    parts.log.error({ workspace, type: notice.type, error: String(error) }, 'event.lost');
  });
}
