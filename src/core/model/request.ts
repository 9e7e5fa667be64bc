import type { AgentName } from './agent.ts';
import type { HookMetadata, SessionIdentity } from './hooks/contexts.ts';
import type { Alteration } from './prompt.ts';
import type { Trace } from './trace/trace.ts';
import type { Usage } from './usage/usage.ts';

/** `queued → running → completed | failed | timed_out | cancelled`. A queued request may also end at once. */
export const REQUEST_STATES = ['queued', 'running', 'completed', 'failed', 'timed_out', 'cancelled'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];
export type EndState = Exclude<RequestState, 'queued' | 'running'>;

/** Where a running request stands:
 *  `preparing`: claimed; nothing has been submitted to the agent.
 *  `submitting`: the intent to press Enter is on disk; from here a crash may have submitted the prompt.
 *  `working`: the agent said that it has exactly our prompt.
 *  `waiting_approval`: the agent waits for a decision on a permission prompt. */
export type Phase = 'preparing' | 'submitting' | 'working' | 'waiting_approval';

/** Why a request did not complete. A closed list: extend it, never use free text. */
export type Reason =
  | 'agent_exited'
  | 'agent_error'
  | 'agent_unavailable'
  | 'usage_limited'
  | 'auth_expired'
  | 'submission_rejected'
  | 'submission_unknown'
  /** A hook of the person's own settings did not let the prompt through. */
  | 'prompt_refused'
  /** The agent would have got another text, and will again. */
  | 'prompt_altered'
  /** The model refuses this conversation, or the request, and will again. */
  | 'model_refused'
  | 'interrupted'
  | 'answer_lost'
  | 'host_restarted'
  | 'session_deleted'
  | 'hook_denied'
  | 'workspace_invalid'
  | 'internal'
  | 'turn_timeout'
  | 'queue_timeout';

/** High before low; first come first served inside one. */
export const PRIORITIES = ['interactive', 'high', 'normal', 'background'] as const;
export type Priority = (typeof PRIORITIES)[number];
/** Those a caller may ask for; `interactive` is for people who wait in a conversation. */
export const CALLER_PRIORITIES = ['high', 'normal', 'background'] as const;

/** No class starves. What so many later ones overtook goes first … */
export const MAX_OVERTAKEN = 10;
/** … and so does a request that has waited this long. */
export const MAX_WAIT_MS = 5 * 60_000;

export const SOURCES = ['http', 'inject', 'bot', 'ws', 'file', 'quick', 'telegram', 'discord', 'cli'] as const;
export type Source = (typeof SOURCES)[number];

export type Identity = SessionIdentity;

/** What became of the conversation that the session had before: its file is `gone`, or holds none that the agent can read. */
export const CONVERSATION_LOSSES = ['gone', 'unreadable'] as const;
export type ConversationLoss = (typeof CONVERSATION_LOSSES)[number];

/** What a caller asked, and all that became of it. Instants are epoch milliseconds. */
export interface RequestRecord {
  readonly id: string;
  readonly workspace: string;
  readonly agent: AgentName;
  readonly source: Source;
  readonly identity: Identity;
  readonly priority: Priority;
  /** The normalised text: what is sent to the agent and compared with what it received. */
  readonly prompt: string;
  /** How what the agent gets differs from what the caller sent, as far as it is known. */
  readonly altered: readonly Alteration[];
  /** The text that the agent got; null while it has none, and when it is `prompt` to the letter. */
  readonly arrived: string | null;
  /** The agent has it in a new conversation, without what was said in the session before; null when it has not. */
  readonly conversationLost: ConversationLoss | null;
  /** From the claim to the deadline. */
  readonly timeoutMs: number;
  readonly replyTo: string | null;
  /** Null: its caller has none, and the gateway tells no spans. */
  readonly trace: Trace | null;
  readonly state: RequestState;
  /** Set while running, null otherwise. */
  readonly phase: Phase | null;
  readonly reason: Reason | null;
  readonly retryable: boolean | null;
  /** One or more sentences for people: what went wrong and what to do. */
  readonly error: string | null;
  readonly cancelAskedAt: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Rises with each claim; a write with an older epoch changes nothing. */
  readonly epoch: number;
  /** Claims beyond the first one. */
  readonly retries: number;
  /** The end of the agent's transcript (bytes) when the prompt was pasted: what was there before is not ours. */
  readonly transcriptOffset: number | null;
  /** The answer, also a partial one. */
  readonly text: string | null;
  readonly usage: Usage | null;
  /** Its turn has ended, and what it took is still to come. */
  readonly usagePending: boolean;
  /** What the hooks said that were asked before its turn. */
  readonly hookMetadata: HookMetadata;
}

/** How a turn ended. */
export interface RequestEnd {
  readonly state: EndState;
  readonly reason: Reason | null;
  readonly error: string | null;
  readonly text: string | null;
  /** `pending`: it is noted behind the end, once. */
  readonly usage: Usage | null | 'pending';
  /** The thread of a chat is not told of it. */
  readonly silent?: true;
}

export function hasEnded(state: RequestState): state is EndState {
  return state !== 'queued' && state !== 'running';
}

/** Whether sending the same request again is sensible: the cause may pass, and the prompt has not run to its end. */
export function isRetryable(reason: Reason): boolean {
  switch (reason) {
    case 'agent_exited':
    case 'agent_error':
    case 'agent_unavailable':
    case 'usage_limited':
    case 'auth_expired':
    case 'host_restarted':
    case 'turn_timeout':
    case 'queue_timeout':
    case 'submission_rejected':
    case 'internal':
      return true;
    case 'submission_unknown':
    case 'prompt_refused':
    case 'prompt_altered':
    case 'model_refused':
    case 'interrupted':
    case 'answer_lost':
    case 'session_deleted':
    case 'hook_denied':
    case 'workspace_invalid':
      return false;
  }
}
