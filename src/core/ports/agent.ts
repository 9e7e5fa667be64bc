import type { AgentName } from '../model/agent.ts';
import type { AgentRule, ApprovalRecord, Decision } from '../model/approval.ts';
import type { NoticeType } from '../model/event.ts';
import type { Alteration } from '../model/prompt.ts';
import type { ConversationLoss, Reason } from '../model/request.ts';
import type { Usage } from '../model/usage/usage.ts';

/** Whether the agent can be started at all; `/health` shows it, and requests fail at once when it is false. */
export interface AgentReadiness {
  readonly installed: boolean;
  readonly credentials: boolean;
  /** What to do when one of them is false. */
  readonly hint: string | null;
  /** Of its program, as it says itself; null when it does not. */
  readonly version: string | null;
  /** Begins with a name (`version_untested`): what speaks against this version, which is used all the same. */
  readonly warning: string | null;
}

export interface SessionSpec {
  readonly workspace: string;
  /** Absolute path of the workspace's folder. */
  readonly cwd: string;
  /** Resumes this conversation; null starts a new one. */
  readonly agentSessionId: string | null;
  /** What was allowed for this session with `remember`. */
  readonly rules?: readonly AgentRule[];
}

/** How a turn ended, as the agent told it. The flow maps it to the end of the request. */
export type TurnEnd =
  | ({ readonly kind: 'completed'; readonly text: string; readonly usage: Usage | null } & Told)
  /** `reason` says why; `text` is what was said before. */
  | ({ readonly kind: 'failed'; readonly reason: Reason; readonly error: string } & Unfinished)
  /** The signal ended it; the agent is idle again, or the session was closed. */
  | ({ readonly kind: 'interrupted' } & Unfinished)
  /** The agent provably never got the prompt, and the session was closed: a fresh one may be asked. */
  | { readonly kind: 'unsubmitted'; readonly why: string };

interface Told {
  /** Where the agent tells a moment behind the end what the turn took, and no `usage` with it. It resolves within some
   *  seconds, whatever becomes of the session, and never rejects; null: nobody knows. */
  readonly laterUsage?: Promise<Usage | null>;
}

interface Unfinished extends Told {
  readonly text: string | null;
  /** What was spent all the same; absent when the agent does not tell. */
  readonly usage?: Usage | null;
}

/** Something that people may want to know and that ends nothing. */
export interface Notice {
  readonly type: NoticeType;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Told of what happens in a session outside of its turns. */
export interface SessionListener {
  /** The conversation goes on under another id. */
  moved(agentSessionId: string): void;
  noticed(notice: Notice): void;
}

/** Told of a start, too. */
export interface StartListener extends SessionListener {
  /** A dialog stands before the agent has started, which goes on when it is answered. As `TurnObserver.asked`; rejects
   *  when there is nobody to ask: the start then fails. */
  readonly asked?: TurnObserver['asked'];
}

/** A permission prompt, as the agent shows it. */
export type ApprovalAsk = Pick<ApprovalRecord, 'kind' | 'toolUseId' | 'subagent' | 'tool' | 'input' | 'rules'>;

/** One that an earlier process was told of, and when (epoch milliseconds). */
export type EarlierAsk = ApprovalAsk & Pick<ApprovalRecord, 'createdAt'>;

/** What became of a permission prompt at the agent. A decision that came too late changes nothing there. */
export interface Settlement {
  readonly allowed: boolean;
  /** `decision`: the one that was handed over, or a hook of the agent's own; `terminal`: a person at the dialog; `agent`:
   *  neither, as a rule of the agent, or keys that nobody pressed who was attached. */
  readonly by: 'decision' | 'terminal' | 'agent';
}

/** The prompt as the agent got it. */
export interface Arrival {
  readonly text: string;
  /** How it differs from what was handed to the driver. */
  readonly altered: readonly Alteration[];
  /** It is the first one since the conversation before was lost. */
  readonly lost?: ConversationLoss | null;
}

/** Steps on the way of a turn. Each awaited one is a committed point: the driver goes on only after it resolved,
 *  and gives up without another key press when it rejects. */
export interface TurnObserver {
  /** About to put it into the composer. `transcriptOffset` in bytes. Told again when the prompt has to be pasted anew. */
  prepared(transcriptOffset: number): Promise<void>;
  /** About to press Enter. */
  submitting(): Promise<void>;
  /** The agent has our prompt, exactly or as `arrived` says. */
  working(arrived: Arrival): Promise<void>;
  /** The agent asks, and its dialog stands. The driver hands the decision over, unless the prompt was settled before;
   *  the promise then never resolves. A prompt that an earlier process was told of is asked again. */
  asked(ask: ApprovalAsk, settled: Promise<Settlement>): Promise<Decision>;
  /** Told, not awaited. */
  noticed(notice: Notice): void;
}

/** One live agent. At most one turn at a time; the lanes see to that. */
export interface AgentSession {
  readonly agentSessionId: string;
  /** Resolves once, when the agent's process is gone, with the last lines of its screen. */
  readonly exited: Promise<{ readonly screen: string }>;
  /** Waits until the agent is idle and nobody types, submits the prompt exactly as it is, at most once, and waits
   *  for the end the agent tells. When `signal` aborts, the turn is interrupted. Rejects only with what a step of
   *  the observer rejected with. `traceparent`: the trace that what the agent does in this turn belongs to. */
  runTurn(prompt: string, observer: TurnObserver, signal: AbortSignal, traceparent?: string | null): Promise<TurnEnd>;
  /** Goes on with a turn that an earlier gateway process submitted, or whose prompt stands in the composer. */
  rejoinTurn(past: RejoinedTurn, observer: TurnObserver, signal: AbortSignal): Promise<TurnEnd>;
  /** Ends the agent and its tmux session; resolves when both are gone. */
  close(): Promise<void>;
  /** The same for an agent that nobody needs, whose conversation is kept to its last word. False, and nothing done:
   *  a person is attached, a turn or work in the background runs, a permission dialog stands, or nobody can tell. */
  sleep(): Promise<boolean>;
}

/** What a live agent takes of the machine, and who is at it. */
export interface LiveDetails {
  /** The line to type for attaching to it. */
  readonly attach: string;
  /** People who are attached. */
  readonly attached: number;
  /** The permission mode that it is in now, in the agent's own words: a person may have set another one than the
   *  configured, in which the next request runs again. Null when it is not known. */
  readonly permissionMode: string | null;
  /** Null when it cannot be looked at. */
  readonly process: ProcessDetails | null;
}

/** Of the agent and all below it. */
export interface ProcessDetails {
  /** Of the agent itself. */
  readonly pid: number;
  /** How many there are. */
  readonly processes: number;
  readonly memoryBytes: number;
  readonly cpuMs: number;
  /** Epoch milliseconds, to the second. */
  readonly startedAt: number;
}

/** A turn that an earlier gateway process began and this one goes on with. */
export interface RejoinedTurn {
  readonly prompt: string;
  readonly transcriptOffset: number;
  /** Epoch milliseconds. */
  readonly begunAt: number;
  /** Permission prompts that were open then: each is asked again, also when it has been answered since. */
  readonly open: readonly EarlierAsk[];
  /** What was told of what the agent said and did, oldest first. What happened since is told when it is found. */
  readonly told: readonly Notice[];
  /** The trace that what the agent does in this turn belongs to; null when there is none. */
  readonly traceparent: string | null;
}

/** What is known of a turn of an earlier gateway process. */
export interface TurnPast {
  readonly prompt: string;
  /** Null when nothing was pasted. */
  readonly transcriptOffset: number | null;
  /** Enter may have been pressed. */
  readonly entered: boolean;
  /** The agent had reported exactly this prompt; its transcript may lag behind. */
  readonly reported: boolean;
}

/** What is left of a turn of an earlier gateway process. */
export type TurnTrace =
  /** The agent lives and has the prompt, or has answered it, or holds exactly our text in its composer: rejoin. */
  | { readonly kind: 'alive'; readonly session: AgentSession }
  /** The agent provably never got the prompt. Null: it is gone. */
  | { readonly kind: 'unsubmitted'; readonly session: AgentSession | null }
  /** The agent is gone; its transcript tells the end. */
  | { readonly kind: 'ended'; readonly end: TurnEnd }
  /** The agent is gone; its transcript holds the prompt, and perhaps a part of the answer. */
  | { readonly kind: 'cut_off'; readonly text: string | null; readonly usage: Usage | null }
  /** The agent is gone, or was ended, and nothing proves that it had the prompt. */
  | { readonly kind: 'no_proof' };

/** A turn whose end an earlier gateway process has stored, and not what it took. */
export interface EndedPast extends Pick<TurnPast, 'prompt' | 'transcriptOffset'> {
  readonly kind: Exclude<TurnEnd['kind'], 'unsubmitted'>;
}

export type ProbeOutcome = { readonly kind: 'answers' } | { readonly kind: 'refuses'; readonly error: string };

/** Runs one kind of agent. */
export interface AgentDriver {
  readonly agent: AgentName;
  check(): Promise<AgentReadiness>;
  /** Starts (or resumes) the agent and resolves when it has started; `runTurn` waits until it takes input.
   *  @throws GatewayError `agent_unavailable` with what to do. An agent that exits at start: AgentStartError. */
  open(spec: SessionSpec, signal: AbortSignal, listener?: StartListener): Promise<AgentSession>;
  /** A live agent that an earlier gateway process started, idle or working; null when there is none. */
  adopt(spec: SessionSpec, listener?: SessionListener): Promise<AgentSession | null>;
  /** Looks for a turn of an earlier gateway process, in the live agent and in its transcript.
   *  Without a session in the answer, no agent of this workspace runs any more. */
  trace(spec: SessionSpec, past: TurnPast, listener?: SessionListener): Promise<TurnTrace>;
  /** What a turn took that has ended, as the agent has written it down; null when it has not. */
  readUsage(spec: SessionSpec, past: EndedPast): Promise<Usage | null>;
  /** Asks the model for one word, outside of all sessions, to find out whether the account can be used again.
   *  Never rejects for what an agent can do. */
  probe(signal: AbortSignal): Promise<ProbeOutcome>;
  /** Ends an agent of ours that has no session any more. */
  end(workspace: string): Promise<void>;
  /** The pane as text; null when the workspace has no live agent. */
  screen(workspace: string): Promise<string | null>;
  /** Looks at the live agents of these workspaces, all in one go; the others are left out. */
  inspect(workspaces: readonly string[]): Promise<ReadonlyMap<string, LiveDetails>>;
  /** The workspaces that seem to have a live agent; `adopt` tells for certain. */
  listLive(): Promise<readonly string[]>;
  /** Live tmux sessions, ours or not; rejects when the tmux server does not answer. */
  countSessions(): Promise<number>;
  /** Lets go of live agents without ending them; they go on in tmux. */
  close(): Promise<void>;
}

/** The agent's process ended before it took input. */
export class AgentStartError extends Error {
  override readonly name = 'AgentStartError';
  readonly reason: Reason;
  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}
