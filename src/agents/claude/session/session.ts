import type { AgentSession, SessionListener, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import type { HookListener } from '../hooks/hook-listeners.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { AgentFiles } from '../process/agent-files.ts';
import { toComposerText } from '../screen/composer.ts';
import { composerHolds } from '../screen/screen.ts';
import { createTerminal, type Terminal } from '../screen/terminal.ts';
import { followConversation, type Conversation } from '../transcript/conversation.ts';
import { beginTurn, type CurrentTurn } from '../turn/current-turn.ts';
import { toForeignNotice } from '../watch/reported-prompt.ts';
import { carryOut, type Steps } from './carry-out.ts';
import { followLife } from './life.ts';
import { rejoinTurn, restore } from './rejoin-turn.ts';
import { createReports, type Reports, type SessionOrigin } from './reports.ts';
import { runTurn } from './run-turn.ts';
import { sleep } from './sleep.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface SessionParts {
  readonly tmux: Tmux;
  readonly files: AgentFiles;
  /** The name of the tmux session. */
  readonly name: string;
  /** Of the workspace. */
  readonly cwd: string;
  readonly conversation: Conversation;
  /** Its program; null when it ended just now. */
  readonly agent: ProcessMark | null;
  readonly sendSignal: SendSignal;
  readonly origin: SessionOrigin;
  readonly log: Log;
  readonly listener: SessionListener;
  /** Resolves when a later process would find the new conversation. */
  readonly onMoved: (conversation: Conversation) => Promise<void>;
  /** Called once, when the session is closed or its agent is gone. */
  readonly onClosed: () => void;
}

export interface ClaudeSession extends AgentSession {
  /** Takes the payloads of this session's agent hooks. */
  tell: HookListener;
  /** Whether the composer holds exactly this prompt, and nobody's turn runs. */
  holds(prompt: string): Promise<boolean>;
  /** True from the moment at which it begins to close. */
  isClosing(): boolean;
  /** Stops watching without ending the agent, which goes on in tmux. */
  letGo(): void;
}

export function createClaudeSession(parts: SessionParts): ClaudeSession {
  const { files, name, cwd, origin, log, listener } = parts;
  const slot: TurnSlot = { current: null, agent: 'unsteady' };
  const terminal = createTerminal({
    ...parts,
    session: name,
    isStarting: origin === 'started' || origin === 'resumed',
    onContinued: () => tellContinued(parts, slot),
  });
  const reports = createReports(origin);
  const conversation = followConversation(parts.conversation, (next) => move(parts, slot, next));
  const life = followLife({ ...parts, slot });

  function begin(prompt: string, observer: TurnObserver, begunAt: number): CurrentTurn {
    return beginTurn({
      terminal,
      files,
      prompt,
      observer,
      transcript: () => conversation.current.transcript,
      earlierTasks: reports.backgroundTasks,
      earlierPrompts: new Set(reports.promptIds),
      begunAt,
      cwd,
      giveUp: () => life.close(),
      log,
    });
  }

  function carry(turn: CurrentTurn, steps: Steps, signal: AbortSignal) {
    return carryOut({ slot, reports, life }, turn, steps, signal);
  }

  return {
    get agentSessionId() {
      return conversation.current.agentSessionId;
    },
    exited: life.exited,
    close: () => life.close(),
    isClosing: () => life.isClosing,
    sleep: () => sleep({ terminal, slot, reports, life }),
    runTurn(prompt, observer, signal) {
      const needs = { origin, slot, reports, conversation, files };
      return carry(begin(prompt, observer, Date.now()), (turn, either) => runTurn(needs, turn, either), signal);
    },
    rejoinTurn(past, observer, signal) {
      const rejoined = begin(past.prompt, observer, past.begunAt);
      restore(rejoined, past);
      return carry(rejoined, (turn, either) => rejoinTurn(past, turn, either), signal);
    },
    holds: async (prompt) => origin !== 'deaf' && holds(terminal, prompt),
    tell(payload, gone) {
      return conversation.hear(payload) ? hear({ slot, reports, listener }, payload, gone) : {};
    },
    letGo() {
      slot.current?.prompts.letGo();
      life.letGo();
    },
  };
}

/** What was typed at it meanwhile may reach it only now. */
function tellContinued({ listener }: SessionParts, slot: TurnSlot): void {
  slot.agent = 'unsteady';
  (slot.current?.observer ?? listener).noticed({ type: 'agent.continued', data: {} });
}

async function holds(terminal: Terminal, prompt: string): Promise<boolean> {
  const view = await terminal.look();
  return view?.screen.kind === 'idle' && composerHolds(view.screen.composer, toComposerText(prompt).expected);
}

interface Hearing {
  readonly slot: TurnSlot;
  readonly reports: Reports;
  readonly listener: SessionListener;
}

function hear({ slot, reports, listener }: Hearing, payload: HookPayload, gone: AbortSignal) {
  reports.hear(payload);
  const turn = slot.current;
  const reply = turn?.tell(payload, gone) ?? {};
  if (turn === null && payload.hook_event_name === 'UserPromptSubmit')
    listener.noticed(toForeignNotice(payload.prompt ?? ''));
  if (turn?.watch.state === 'ended' && !turn.isShared && payload.hook_event_name === 'Stop') reports.settle();
  return reply;
}

function move({ name, log, listener, onMoved }: SessionParts, { current }: TurnSlot, next: Conversation): void {
  current?.beginsAt(0);
  log.info({ session: name }, 'session.moved');
  listener.noticed({ type: 'session.moved', data: { agentSessionId: next.agentSessionId } });
  listener.moved(next.agentSessionId);
  onMoved(next).catch((error: unknown) => log.error({ session: name, error: String(error) }, 'launch.not_written'));
}
