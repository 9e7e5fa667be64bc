import type { HookMetadata, PreSessionFields } from '../../model/hooks/contexts.ts';
import type { HookRecord } from '../../model/hooks/hook.ts';

/** Runs the hooks that a turn asks before it begins. Those that are told of its end are a transport: `hook:<name>`. */
export interface Hooks {
  /** In the order in which they are asked. */
  list(): readonly HookRecord[];
  /** One call, which ends in the hook's own time. Rejects only when the signal aborts; the hook is ended then. */
  ask(hook: HookRecord, question: HookQuestion, signal: AbortSignal): Promise<HookOutcome>;
}

export interface HookQuestion {
  /** See HookCall. */
  readonly eventId: string;
  readonly fields: PreSessionFields;
  /** Absent: the request has none. */
  readonly traceparent?: string | undefined;
}

export type HookOutcome =
  | { readonly kind: 'said'; readonly answer: HookAnswer }
  /** It crashed, took too long, is not there, or said what nobody understands; `why` completes "the hook …", `complaint`
   *  is what it said of itself, for the operator. */
  | { readonly kind: 'failed'; readonly why: string; readonly complaint: string };

/** What it said, with what it left out. */
export interface HookAnswer {
  readonly allow: boolean;
  readonly reason: string | null;
  readonly silent: boolean;
  readonly metadata: HookMetadata;
  readonly ask: string | null;
}

export const NO_HOOKS: Hooks = {
  list: () => [],
  ask: () => Promise.reject(new Error('there are no hooks')),
};
