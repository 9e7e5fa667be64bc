import type { AgentName } from '../../../src/core/model/agent.ts';
import { isNarration } from '../../../src/core/model/event.ts';
import type {
  AgentDriver,
  AgentSession,
  Notice,
  SessionSpec,
  TurnEnd,
  TurnObserver,
} from '../../../src/core/ports/agent.ts';
import { openDriverRig, type AgentProgram, type DriverRig } from '../../helpers/driver-rig.ts';
import type { Charged } from '../../helpers/scripted-model.ts';
import { until } from '../../helpers/until.ts';

/** One part of the promises of `core/ports/agent.ts`, or of what the driver asks of its program. Each has a suite over
 *  each program: they need minutes, and share nothing. */
export type DescribePart = (open: OpenProgram, agent: AgentName) => void;

/** A program whose model answers by the first word of a prompt:
 *  `hold …` says nothing until it is released, `stream …` says a line and no more,
 *  `hold behind …` does so behind a tool, `tools …` uses two, `delegate …` lets a subagent use them,
 *  `background …` leaves a command running behind its answer, `write …` wants to write a file and says REFUSED when it may not; all else is echoed. */
export interface ScriptedProgram extends AgentProgram {
  /** As `--version` says. */
  readonly version: string;
  /** What the model was asked, oldest first. */
  prompts(): readonly string[];
  /** All that was said in the conversation when its model was asked this; null when it has no model, and knows what
   *  its transcript holds. */
  knew(prompt: string): string | null;
  /** What its model charged by now; null when it has no model. */
  charged(): Charged | null;
  /** Whether a turn of this prompt holds. */
  holds(prompt: string): boolean;
  /** Answers a turn that holds. */
  release(prompt: string, answer: string): void;
  close(): Promise<void>;
}

export type OpenProgram = () => Promise<ScriptedProgram>;

/** Whether a promise is about an agent at a terminal, which `claude-print` is not. It has no composer, so no text is escaped
 *  or trimmed for one, nothing is put back into it, no half-typed line, and no Enter that is lost. Nobody types there, so
 *  there is no prompt and no turn of a person's own, no menu, no dialog that a key could answer, and no Ctrl-Z. It reports
 *  by its output and not to a port, so no other port makes it deaf. */
export function isAtTerminal(agent: AgentName): boolean {
  return agent !== 'claude-print';
}

export const STREAMED = 'line 0\n';
export const REFUSED = 'I was not allowed.';
export const never: AbortSignal = new AbortController().signal;

export interface Bench extends DriverRig {
  readonly program: ScriptedProgram;
  spec(workspace: string, agentSessionId?: string): Promise<SessionSpec>;
  /** Opens a new session. */
  open(workspace: string): Promise<AgentSession>;
  /** One conversation, opened when it is first asked for, in a session that takes input. */
  kept(): Promise<AgentSession>;
  /** A session that takes input, whatever became of this one. */
  usable(workspace: string, session: AgentSession): Promise<AgentSession>;
}

export async function openBench(open: OpenProgram): Promise<Bench> {
  const program = await open();
  const rig = await openDriverRig(program);
  const spec = async (workspace: string, agentSessionId?: string): Promise<SessionSpec> => ({
    workspace,
    cwd: await rig.workspace(workspace),
    agentSessionId: agentSessionId ?? null,
  });
  const openNew = async (workspace: string): Promise<AgentSession> => rig.driver.open(await spec(workspace), never);
  async function usable(workspace: string, session: AgentSession): Promise<AgentSession> {
    const known = await spec(workspace, session.agentSessionId);
    return (await rig.driver.adopt(known)) ?? rig.driver.open(known, never);
  }
  let kept: AgentSession | null = null;
  return {
    ...rig,
    get driver(): AgentDriver {
      return rig.driver;
    },
    program,
    spec,
    open: openNew,
    kept: async () => (kept = kept === null ? await openNew('kept') : await usable('kept', kept)),
    usable,
    async close() {
      await rig.close();
      await program.close();
    },
  };
}

/** Notes the steps of a turn; what the agent says and does goes to `told`. */
export function observe(steps: string[] = [], told: Notice[] = []): TurnObserver {
  return {
    prepared: async () => void steps.push('prepared'),
    submitting: async () => void steps.push('submitting'),
    working: async () => void steps.push('working'),
    asked: () => new Promise(() => {}),
    noticed({ type, data }) {
      if (isNarration(type)) told.push({ type, data });
      else steps.push(`${type} ${Object.values(data).join(' ')}`.trim());
    },
  };
}

export interface BegunTurn {
  readonly end: Promise<TurnEnd>;
  /** In the transcript, from before the prompt. */
  readonly offset: number;
  readonly abort: () => void;
}

/** Resolves when the agent has the prompt. */
export async function beginTurn(bench: Bench, session: AgentSession, prompt: string): Promise<BegunTurn> {
  const stop = new AbortController();
  let offset = -1;
  let working = false;
  const observer: TurnObserver = {
    ...observe(),
    prepared: async (at) => void (offset = at),
    working: async () => void (working = true),
  };
  const end = session.runTurn(prompt, observer, stop.signal);
  await until(() => working && bench.program.prompts().some((asked) => asked.trimEnd() === prompt));
  return { end, offset, abort: () => stop.abort() };
}

/** An end with what its turn took, however late that is told. */
export async function withUsage(end: Promise<TurnEnd>): Promise<TurnEnd> {
  const told = await end;
  if (told.kind === 'unsubmitted' || told.laterUsage === undefined) return told;
  const { laterUsage, ...known } = told;
  return { ...known, usage: await laterUsage };
}

/** Runs a prompt to its end. */
export function run(session: AgentSession, prompt: string): Promise<TurnEnd> {
  return session.runTurn(prompt, observe(), never);
}
