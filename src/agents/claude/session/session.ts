import type { AgentSession, SessionListener } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { createDoor, type Door } from '../door/door.ts';
import type { HookListener } from '../hooks/hook-listeners.ts';
import { createActivity } from '../transcript/activity.ts';
import type { AgentFiles } from '../process/agent-files.ts';
import { isSamePrompt, toComposerText } from '../screen/composer.ts';
import { composerHolds } from '../screen/screen.ts';
import { createTerminal, type Activity, type Terminal } from '../screen/terminal.ts';
import { followConversation, type Conversation } from '../transcript/conversation.ts';
import { hasSchedule } from '../transcript/schedule.ts';
import type { CurrentTurn } from '../turn/current-turn.ts';
import { leaveComposer } from '../turn/leave-composer.ts';
import { carryOut, type Steps } from './carry-out.ts';
import { hear } from './hearing.ts';
import { followLife } from './life.ts';
import { prepareTurns } from './prepare-turns.ts';
import { rejoinTurn, restore } from './rejoin-turn.ts';
import { createReports, type SessionOrigin } from './reports.ts';
import { runTurn } from './run-turn.ts';
import { sleep } from './sleep.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface SessionParts {
  readonly tmux: Tmux;
  readonly files: AgentFiles;
  readonly workspace: string;
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
  /** Takes exactly this prompt out of the composer, when an earlier process left it there. */
  takeBack(prompt: string): Promise<void>;
  /** True from the moment at which it begins to close. */
  isClosing(): boolean;
  /** Stops watching without ending the agent, which goes on in tmux. */
  letGo(): void;
}

export function createClaudeSession(parts: SessionParts): ClaudeSession {
  const { files, origin, listener } = parts;
  const slot: TurnSlot = { current: null, agent: 'unsteady', unreported: null };
  const reports = createReports(origin);
  const conversation = followConversation(parts.conversation, (next) => move(parts, slot, next));
  const transcript = (): string => conversation.current.transcript;
  const said = createActivity({ files, transcript, agentSessionId: () => conversation.current.agentSessionId });
  // An agent that says nothing of it does what its hooks tell.
  const readActivity = async (): Promise<Activity> =>
    (await said.read().catch(() => null)) ?? (reports.isPrompted ? 'busy' : 'idle');
  const terminal = openTerminal(parts, slot, readActivity);
  const door = createDoor({ terminal, files: files.door, workspace: parts.workspace });
  const life = followLife({ ...parts, slot });
  const turns = prepareTurns({ ...parts, terminal, door, transcript, reports, life, readSaid: () => said.read() });

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
    sleep: () =>
      sleep({
        terminal,
        slot,
        reports,
        life,
        hasSchedule: async () => hasSchedule(files, transcript(), (await said.startedAt()) ?? 0),
      }),
    runTurn(prompt, observer, signal) {
      const needs = { origin, slot, reports, conversation, files };
      return carry(turns.begin(prompt, observer, null), (turn, either) => runTurn(needs, turn, either), signal);
    },
    rejoinTurn(past, observer, signal) {
      const rejoined = turns.begin(past.prompt, observer, past.begunAt);
      restore(rejoined, past);
      return carry(rejoined, (turn, either) => rejoinTurn(past, turn, either), signal);
    },
    takeBack: (prompt) =>
      leaveComposer({ terminal, door, text: toComposerText(prompt), displaced: { line: null } }, true),
    holds: async (prompt) => origin !== 'deaf' && holds(terminal, door, prompt),
    tell(payload, gone) {
      return conversation.hear(payload) ? hear({ slot, reports, listener, foreign: turns.foreign }, payload, gone) : {};
    },
    letGo() {
      slot.current?.prompts.letGo();
      slot.current?.dialogs.close();
      life.letGo();
    },
  };
}

function openTerminal(parts: SessionParts, slot: TurnSlot, readActivity: () => Promise<Activity>): Terminal {
  return createTerminal({
    ...parts,
    session: parts.name,
    readActivity,
    isStarting: parts.origin === 'started' || parts.origin === 'resumed',
    onContinued() {
      // What was typed at it meanwhile may reach it only now.
      slot.agent = 'unsteady';
      (slot.current?.observer ?? parts.listener).noticed({ type: 'agent.continued', data: {} });
    },
  });
}

async function holds(terminal: Terminal, door: Door, prompt: string): Promise<boolean> {
  const { expected } = toComposerText(prompt);
  const view = await terminal.look();
  if (view?.screen.kind !== 'idle') return false;
  const found = await door.read();
  if (found.kind === 'closed') return composerHolds(view.screen.composer, expected);
  return found.was !== null && isSamePrompt(found.was.text, expected);
}

function move({ name, log, listener, onMoved }: SessionParts, { current }: TurnSlot, next: Conversation): void {
  current?.beginsAt(0);
  log.info({ session: name }, 'session.moved');
  listener.noticed({ type: 'session.moved', data: { agentSessionId: next.agentSessionId } });
  listener.moved(next.agentSessionId);
  onMoved(next).catch((error: unknown) => log.error({ session: name, error: String(error) }, 'launch.not_written'));
}
