import { endsRequest, type EventRecord } from '../core/model/event.ts';
import type { Phase, RequestRecord } from '../core/model/request.ts';

/** A time in the life of a request; instants are epoch milliseconds. */
export interface ToldSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

type Named = 'queued' | Exclude<Phase, 'waiting_approval'> | 'approval';

/** Its phases, one behind the other, and beside them each time that an approval took. From its events, in their order. */
export function toPhases({ createdAt }: Pick<RequestRecord, 'createdAt'>, events: readonly EventRecord[]): ToldSpan[] {
  const spans: ToldSpan[] = [];
  const asked = new Map<unknown, number>();
  let phase: { readonly name: Named; readonly from: number } | null = { name: 'queued', from: createdAt };
  for (const event of events) {
    const { type, at, data } = event;
    const isOver = endsRequest(event);
    const next = BEGINS[type];
    if (type === 'approval.opened') asked.set(data['approvalId'], at);
    if (type.startsWith('approval.') && type !== 'approval.opened') {
      spans.push({ name: 'approval', from: asked.get(data['approvalId']) ?? at, to: at });
    }
    if (phase !== null && (next !== undefined || isOver)) spans.push({ ...phase, to: at });
    if (isOver) phase = null;
    else if (next !== undefined) phase = { name: next, from: at };
  }
  return spans;
}

const BEGINS: Readonly<Partial<Record<EventRecord['type'], Named>>> = {
  'request.started': 'preparing',
  'request.submitting': 'submitting',
  'request.working': 'working',
  'request.requeued': 'queued',
};
