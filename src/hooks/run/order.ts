import { inspect } from 'node:util';
import type { HookEvent } from '../../core/model/hooks/contexts.ts';

/** One call of one hook. */
export interface RunOrder {
  /** Absolute. */
  readonly ref: string;
  readonly event: HookEvent;
  /** What it is told, as JSON. */
  readonly input: string;
  readonly timeoutMs: number;
  /** Beside what every hook sees. */
  readonly env: Readonly<Record<string, string>>;
  /** Of HOOKS_FILE: a plugin that was read for another one is read again. */
  readonly edition: string;
}

/** What came of it. */
export type RunEnd =
  /** It ended well. `text`: what it printed or, of a plugin, returned, as JSON; '' for nothing. */
  | { readonly kind: 'done'; readonly text: string; readonly complaint: string }
  /** `why` completes "the hook …". */
  | { readonly kind: 'failed'; readonly why: string; readonly complaint: string };

/** Runs hooks, with whose rights and wherever. */
export interface Runner {
  /** Rejects when the signal aborts; the hook is ended then. */
  run(order: RunOrder, signal: AbortSignal): Promise<RunEnd>;
  /** Makes ready what takes a while to be read. */
  warm(order: Pick<RunOrder, 'ref' | 'env' | 'edition'>): void;
  close(): Promise<void>;
}

/** What a hook says may be so long. */
export const OUTPUT_MAX_BYTES = 262_144;
/** Of what it says on stderr; the rest is not kept. */
export const COMPLAINT_MAX_BYTES = 4_096;

export const TOO_MUCH = `printed more than ${OUTPUT_MAX_BYTES / 1024} kB`;

export function tooLate(timeoutMs: number): string {
  return `did not end within ${timeoutMs} ms`;
}

const EXPORTS: Readonly<Record<HookEvent, string>> = {
  pre_session: 'preSession',
  post_session: 'postSession',
  on_error: 'onError',
};

/** What a plugin exports for an event. */
export function toExport(event: HookEvent): string {
  return EXPORTS[event];
}

/** Of a plugin that has nothing for an event. */
export function exportsNone(event: HookEvent): string {
  return `exports no ${EXPORTS[event]}`;
}

/** What was thrown, which may be anything. */
export function toComplaint(error: unknown): string {
  const words: unknown = error instanceof Error ? (error.stack ?? error.message) : error;
  return typeof words === 'string' ? words : inspect(words);
}
