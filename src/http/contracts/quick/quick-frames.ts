import type { EventRecord, EventType } from '../../../core/model/event.ts';
import type { RequestRecord } from '../../../core/model/request.ts';
import type { QuickStatus } from '../../../core/ports/quick/quick.ts';
import { toUsd } from './quick-documents.ts';
import { parseJson } from '../../answers/json/parse-json.ts';

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

/** What frames tell beside their event. */
export interface FrameSources {
  /** A request that has ended. */
  readonly request: (id: string) => Promise<RequestRecord>;
  /** Of the session, now: behind an end another message may wait. Null: it is gone. */
  readonly status: () => Promise<QuickStatus | null>;
}

export function createFrames(sources: FrameSources): Frames {
  let told: QuickStatus | null = null;

  function status(next: QuickStatus | null): readonly QuickFrame[] {
    if (next === told || next === null) return [];
    told = next;
    return [{ type: 'statusChange', data: { status: next } }];
  }

  const tellings: Readonly<Partial<Record<EventType, Telling>>> = {
    'request.queued': () => status('running'),
    'request.started': () => status('running'),
    'agent.said': ({ data }) => toText(data['text']),
    'tool.started': ({ data }) => [{ type: 'toolUse', data: { tool: data['tool'], input: data['summary'] } }],
    'request.completed': (event) => toEnd(event, toResult),
    'request.failed': (event) => toEnd(event, toError),
    'request.timed_out': (event) => toEnd(event, toError),
    'request.cancelled': (event) => toEnd(event, () => ({ type: 'error', content: 'The message was cancelled.' })),
    'quick.expired': () => status('expired'),
  };

  async function toEnd({ requestId }: EventRecord, to: (request: RequestRecord) => QuickFrame) {
    const end = requestId === null ? [] : [to(await sources.request(requestId))];
    return [...end, ...status(await sources.status())];
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

/** What a client typed. */
export interface QuickInput {
  readonly content: string;
  readonly traceparent?: string | undefined;
}

/** Null: it is none. */
export function parseInput(text: string | null): QuickInput | null {
  try {
    const frame: unknown = parseJson(text ?? '');
    if (typeof frame !== 'object' || frame === null || !('type' in frame) || !('content' in frame)) return null;
    const { type, content, traceparent } = frame as Readonly<Record<string, unknown>>;
    if (type !== 'user_input' || typeof content !== 'string') return null;
    return { content, ...(typeof traceparent === 'string' && { traceparent }) };
  } catch {
    return null;
  }
}
