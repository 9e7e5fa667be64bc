import type { EventRecord, EventType } from '../../../core/model/event.ts';
import type { RequestRecord } from '../../../core/model/request.ts';
import type { QuickStatus } from '../../../core/ports/quick/quick.ts';
import { toUsd } from './quick-documents.ts';

/** What the gateway says. Those that come of an event bear its number. */
export interface QuickFrame {
  readonly type: 'connected' | 'statusChange' | 'assistantText' | 'toolUse' | 'result' | 'error';
  readonly content?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly seq?: number;
}

export interface Frames {
  /** What this client is to be told of it. */
  of(event: EventRecord): Promise<readonly QuickFrame[]>;
}

type Telling = (event: EventRecord) => readonly QuickFrame[] | Promise<readonly QuickFrame[]>;

/** `read`: the request of an event that ended one. */
export function createFrames(read: (requestId: string) => Promise<RequestRecord>): Frames {
  let told: QuickStatus | null = null;

  function status(next: QuickStatus): readonly QuickFrame[] {
    if (next === told) return [];
    told = next;
    return [{ type: 'statusChange', data: { status: next } }];
  }

  const tellings: Readonly<Partial<Record<EventType, Telling>>> = {
    'request.queued': () => status('running'),
    'request.started': () => status('running'),
    'agent.said': ({ data }) => toText(data['text']),
    'tool.started': ({ data }) => [{ type: 'toolUse', data: { tool: data['tool'], input: data['summary'] } }],
    'request.completed': async (event) => [...(await toEnd(event, toResult)), ...status('idle')],
    'request.failed': async (event) => [...(await toEnd(event, toError)), ...status('failed')],
    'request.timed_out': async (event) => [...(await toEnd(event, toError)), ...status('failed')],
    'request.cancelled': () => [{ type: 'error', content: 'The message was cancelled.' }, ...status('idle')],
    'quick.expired': () => status('expired'),
  };

  async function toEnd({ requestId }: EventRecord, to: (request: RequestRecord) => QuickFrame) {
    return requestId === null ? [] : [to(await read(requestId))];
  }

  return {
    of: async (event) => ((await tellings[event.type]?.(event)) ?? []).map((frame) => ({ ...frame, seq: event.seq })),
  };
}

function toText(text: unknown): readonly QuickFrame[] {
  return typeof text === 'string' && text !== '' ? [{ type: 'assistantText', content: text }] : [];
}

function toResult({ text, usage }: RequestRecord): QuickFrame {
  const cost = usage?.costMicroUsd ?? null;
  const data = {
    cost_usd: cost === null ? null : toUsd(cost),
    input_tokens: usage?.inputTokens ?? null,
    output_tokens: usage?.outputTokens ?? null,
  };
  return { type: 'result', content: text ?? '', data };
}

function toError({ error, reason }: RequestRecord): QuickFrame {
  return { type: 'error', content: error ?? reason ?? '' };
}

/** Null: it is none. */
export function parseInput(text: string | null): string | null {
  try {
    const frame: unknown = JSON.parse(text ?? '');
    if (typeof frame !== 'object' || frame === null || !('type' in frame) || !('content' in frame)) return null;
    return frame.type === 'user_input' && typeof frame.content === 'string' ? frame.content : null;
  } catch {
    return null;
  }
}
