import type { AgentName } from '../model/agent.ts';
import type { Reason, Usage } from '../model/request.ts';

/** Whether the agent can be started at all; `/health` shows it, and requests fail at once when it is false. */
export interface AgentReadiness {
  readonly installed: boolean;
  readonly credentials: boolean;
  /** What to do when one of them is false. */
  readonly hint: string | null;
}

export interface SessionSpec {
  readonly workspace: string;
  /** Absolute path of the workspace's folder. */
  readonly cwd: string;
  /** Resumes this conversation; null starts a new one. */
  readonly agentSessionId: string | null;
}

/** How a turn ended, as the agent told it. The flow maps it to the end of the request. */
export type TurnEnd =
  | { readonly kind: 'completed'; readonly text: string; readonly usage: Usage | null }
  /** `reason` says why; `text` is what was said before. */
  | { readonly kind: 'failed'; readonly reason: Reason; readonly error: string; readonly text: string | null }
  /** The signal ended it; the agent is idle again and its composer is empty, or the session was closed. */
  | { readonly kind: 'interrupted'; readonly text: string | null };

/** Steps on the way of a turn. Each awaited one is a committed point: the driver goes on only after it resolved,
 *  and gives up without another key press when it rejects. */
export interface TurnObserver {
  /** K2: about to paste. `transcriptOffset` in bytes. */
  prepared(transcriptOffset: number): Promise<void>;
  /** K3: about to press Enter. */
  submitting(): Promise<void>;
  /** K4: the agent reported exactly our prompt. */
  working(): Promise<void>;
  /** Told, not awaited. */
  permissionDenied(tool: string): void;
}

/** One live agent. At most one turn at a time; the lanes see to that. */
export interface AgentSession {
  readonly agentSessionId: string;
  /** Resolves once, when the agent's process is gone, with the last lines of its screen. */
  readonly exited: Promise<{ readonly screen: string }>;
  /** Submits the prompt exactly as it is, at most once, and waits for the end the agent tells.
   *  When `signal` aborts, the turn is interrupted; never rejects for what an agent can do. */
  runTurn(prompt: string, observer: TurnObserver, signal: AbortSignal): Promise<TurnEnd>;
  /** Goes on waiting for the end of a turn that an earlier gateway process submitted. */
  rejoinTurn(prompt: string, transcriptOffset: number, signal: AbortSignal): Promise<TurnEnd>;
  /** Ends the agent and its tmux session; resolves when both are gone. */
  close(): Promise<void>;
}

/** What is known of a turn of an earlier gateway process. */
export interface TurnPast {
  readonly prompt: string;
  /** Null when nothing was pasted. */
  readonly transcriptOffset: number | null;
  /** The agent had reported exactly this prompt (K4); its transcript may lag behind. */
  readonly reported: boolean;
}

/** What is left of a turn of an earlier gateway process. */
export type TurnTrace =
  /** The agent lives and has the prompt, or has answered it: rejoin. */
  | { readonly kind: 'alive'; readonly session: AgentSession }
  /** The agent is gone; its transcript holds the whole answer. */
  | { readonly kind: 'answered'; readonly text: string; readonly usage: Usage | null }
  /** The agent is gone; its transcript holds the prompt, and perhaps a part of the answer. */
  | { readonly kind: 'cut_off'; readonly text: string | null }
  /** The agent is gone, or was ended, and nothing proves that it had the prompt. */
  | { readonly kind: 'no_proof' };

/** Runs one kind of agent. */
export interface AgentDriver {
  readonly agent: AgentName;
  check(): Promise<AgentReadiness>;
  /** Starts (or resumes) the agent and resolves when it takes input.
   *  @throws GatewayError `agent_unavailable` with what to do. An agent that exits at start: AgentStartError. */
  open(spec: SessionSpec, signal: AbortSignal): Promise<AgentSession>;
  /** A live agent that an earlier gateway process started, idle or working; null when there is none. */
  adopt(spec: SessionSpec): Promise<AgentSession | null>;
  /** Looks for a turn of an earlier gateway process, in the live agent and in its transcript.
   *  Whenever it is not `alive`, no agent of this session runs any more, so nothing stands in a composer. */
  trace(spec: SessionSpec, past: TurnPast): Promise<TurnTrace>;
  /** The pane as text; null when the workspace has no live agent. */
  screen(workspace: string): Promise<string | null>;
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
