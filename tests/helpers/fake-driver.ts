import type {
  AgentDriver,
  AgentReadiness,
  AgentSession,
  LiveDetails,
  ProbeOutcome,
  RejoinedTurn,
  SessionSpec,
  TurnEnd,
  TurnObserver,
  TurnPast,
  TurnTrace,
} from '../../src/core/ports/agent.ts';
import { usageOf } from './examples.ts';

/** What the scripted agent does with a prompt. The default says the prompt again. */
export type Script = (prompt: string, observer: TurnObserver, signal: AbortSignal) => Promise<TurnEnd>;

export interface FakeSession extends AgentSession {
  readonly workspace: string;
  /** The agent's process ends. */
  exit(): void;
  readonly prompts: readonly string[];
  readonly rejoined: readonly RejoinedTurn[];
}

export interface FakeDriver extends AgentDriver {
  /** Every session that was opened or made, by workspace; ended ones too. */
  readonly sessions: readonly FakeSession[];
  readonly opened: readonly SessionSpec[];
  /** The most agents that were starting or live at once. */
  readonly most: number;
  /** A live session that an earlier gateway process left. */
  leave(workspace: string): FakeSession;
}

export interface FakeDriverScript {
  readonly readiness?: () => Promise<AgentReadiness>;
  readonly open?: (spec: SessionSpec, signal: AbortSignal) => Promise<void>;
  readonly runTurn?: Script;
  readonly rejoinTurn?: AgentSession['rejoinTurn'];
  readonly trace?: (spec: SessionSpec, past: TurnPast) => Promise<TurnTrace>;
  readonly readUsage?: AgentDriver['readUsage'];
  /** Whether the agent may sleep; true by default. */
  readonly sleep?: (workspace: string) => Promise<boolean>;
  readonly probe?: (signal: AbortSignal) => Promise<ProbeOutcome>;
  /** Before a live one is handed over. */
  readonly adopted?: () => Promise<void>;
  readonly countSessions?: () => Promise<number>;
  /** Told of each look at the agents. */
  readonly inspected?: () => Promise<void>;
}

export function createFakeDriver(script: FakeDriverScript = {}): FakeDriver {
  const sessions: FakeSession[] = [];
  const opened: SessionSpec[] = [];
  const live = new Map<string, FakeSession>();
  let starting = 0;
  let most = 0;
  const count = (): void => void (most = Math.max(most, starting + live.size));

  function make(workspace: string, agentSessionId: string): FakeSession {
    const session = createFakeSession(workspace, agentSessionId, script);
    sessions.push(session);
    live.set(workspace, session);
    count();
    void session.exited.then(() => live.delete(workspace));
    return session;
  }

  return {
    agent: 'claude',
    sessions,
    opened,
    get most() {
      return most;
    },
    leave: (workspace) => make(workspace, `left-${workspace}`),
    check:
      script.readiness ??
      (async () => ({ installed: true, credentials: true, hint: null, version: '2.1.332', warning: null })),
    async open(spec, signal) {
      opened.push(spec);
      starting += 1;
      count();
      await Promise.resolve(script.open?.(spec, signal)).finally(() => (starting -= 1));
      return make(spec.workspace, spec.agentSessionId ?? `conversation-${sessions.length + 1}`);
    },
    async adopt(spec) {
      await script.adopted?.();
      return live.get(spec.workspace) ?? null;
    },
    trace: script.trace ?? (async () => ({ kind: 'no_proof' })),
    readUsage: script.readUsage ?? (async () => null),
    probe: script.probe ?? (async () => ({ kind: 'answers' })),
    screen: async (workspace) => (live.has(workspace) ? `screen of ${workspace}` : null),
    async end(workspace) {
      live.get(workspace)?.exit();
    },
    async inspect(workspaces) {
      await script.inspected?.();
      return new Map(workspaces.map((workspace) => [workspace, details(workspace)]));
    },
    listLive: async () => [...live.keys()],
    countSessions: script.countSessions ?? (async () => live.size),
    close: async () => undefined,
  };
}

function details(workspace: string): LiveDetails {
  return {
    attach: `tmux attach -t '=claude-${workspace}'`,
    attached: 0,
    permissionMode: null,
    process: { pid: 1, processes: 1, memoryBytes: 1, cpuMs: 1, startedAt: 1 },
  };
}

function createFakeSession(workspace: string, agentSessionId: string, script: FakeDriverScript): FakeSession {
  const exited = Promise.withResolvers<{ readonly screen: string }>();
  const prompts: string[] = [];
  const rejoined: RejoinedTurn[] = [];
  return {
    workspace,
    agentSessionId,
    prompts,
    rejoined,
    exited: exited.promise,
    exit: () => exited.resolve({ screen: 'the agent is gone' }),
    runTurn(prompt, observer, signal) {
      prompts.push(prompt);
      return (script.runTurn ?? answer)(prompt, observer, signal);
    },
    rejoinTurn(past, observer, signal) {
      rejoined.push(past);
      return (script.rejoinTurn ?? answerLate)(past, observer, signal);
    },
    close: async () => exited.resolve({ screen: '' }),
    async sleep() {
      if ((await script.sleep?.(workspace)) === false) return false;
      exited.resolve({ screen: '' });
      return true;
    },
  };
}

/** The way of a turn without trouble. */
export async function answer(prompt: string, observer: TurnObserver): Promise<TurnEnd> {
  await observer.prepared(100);
  await observer.submitting();
  await observer.working({ text: prompt, altered: [] });
  return { kind: 'completed', text: `answer to ${prompt}`, usage: usageOf(1, 2) };
}

async function answerLate({ prompt }: RejoinedTurn): Promise<TurnEnd> {
  return { kind: 'completed', text: `answer to ${prompt}`, usage: null };
}

/** Resolves when the signal aborts: an agent that works until it is interrupted. */
export function untilInterrupted(signal: AbortSignal, text: string | null = 'a part'): Promise<TurnEnd> {
  const end = { kind: 'interrupted', text } as const;
  if (signal.aborted) return Promise.resolve(end);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(end), { once: true }));
}
