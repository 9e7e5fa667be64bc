import type { SessionListener } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { createDoor, type Door } from '../door/door.ts';
import type { HookListener } from '../hooks/hook-listeners.ts';
import { createActivity } from '../transcript/activity.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import { isSamePrompt } from '../screen/arrived-prompt.ts';
import { toComposerText } from '../screen/composer.ts';
import { composerHolds } from '../screen/screen.ts';
import { createTerminal, type Activity, type Terminal } from '../screen/terminal.ts';
import { followConversation, type Conversation } from '../transcript/conversation.ts';
import { createModeLook, createModes } from '../submission/modes.ts';
import { hasSchedule } from '../transcript/schedule.ts';
import type { CurrentTurn } from '../turn/current-turn.ts';
import type { Memory } from '../../program/launch/memory.ts';
import { leaveComposer } from '../turn/leave-composer.ts';
import { createRewaking } from '../turn/rewaking.ts';
import { carryOut, type Steps } from './carry-out.ts';
import { hear } from './hearing.ts';
import { createHandedTrace } from '../../program/driver/handed-trace.ts';
import type { ProgramSession } from '../../program/driver/live.ts';
import { followLife, type Life } from '../../program/ending/life.ts';
import type { PriceTable } from '../../program/prices/price-table.ts';
import { isInConversation, toExited } from '../watch/turn-ends.ts';
import { createEarshot } from '../submission/earshot.ts';
import { prepareTurns } from './prepare-turns.ts';
import { rejoinTurn, restore } from './rejoin-turn.ts';
import { createReports, type Reports, type SessionOrigin } from './reports.ts';
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
  /** The lists of allowed things in other settings, beside which the gateway's own entries stand; null when nobody knows. */
  readonly lists: readonly string[] | null;
  /** In which its prompts run. */
  readonly permissionMode: string;
  readonly log: Log;
  readonly listener: SessionListener;
  readonly memory: Memory;
  readonly prices: PriceTable;
  /** Resolves when a later process would find the new conversation. */
  readonly onMoved: (conversation: Conversation) => Promise<void>;
  /** Called once, when the session is closed or its agent is gone. */
  readonly onClosed: () => void;
}

export interface ClaudeSession extends ProgramSession {
  /** Takes the payloads of this session's agent hooks. */
  tell: HookListener;
  /** Whether the composer holds exactly this prompt, and nobody's turn runs. */
  holds(prompt: string): Promise<boolean>;
  /** Takes exactly this prompt out of the composer, when an earlier process left it there. */
  takeBack(prompt: string): Promise<void>;
}

export function createClaudeSession(parts: SessionParts): ClaudeSession {
  const { files, origin, listener } = parts;
  const slot: TurnSlot = { current: null, agent: 'unsteady', unreported: null };
  const reports = createReports(origin);
  const modes = createModes(parts.permissionMode, origin === 'started' || origin === 'resumed');
  const conversation = followConversation(parts.conversation, (next) => move(parts, slot, next));
  const transcript = (): string => conversation.current.transcript;
  const said = createActivity({ files, transcript, agentSessionId: () => conversation.current.agentSessionId });
  const readSaid = (): Promise<Activity | null> => said.read();
  const readActivity = async (): Promise<Activity> => (await readSaid().catch(() => null)) ?? toActivity(reports);
  const terminal = openTerminal(parts, slot, readActivity);
  const door = createDoor({ terminal, files: files.door, workspace: parts.workspace });
  const life = followEnd(parts, slot);
  const rewaking = createRewaking(parts);
  const turns = prepareTurns({ ...parts, rewaking, terminal, door, transcript, reports, modes, life, readSaid });
  const proveEarshot = createEarshot(files, parts.cwd, parts.lists);
  const needs = { origin, slot, reports, modes, conversation, files, proveEarshot };
  const isScheduled = async (): Promise<boolean> => hasSchedule(files, transcript(), (await said.startedAt()) ?? 0);
  const trace = createHandedTrace(parts);
  const mayWake = (): Promise<boolean> => rewaking.mayWake();

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
    readPermissionMode: createModeLook(terminal, modes),
    sleep: () => sleep({ terminal, slot, reports, life, hasSchedule: isScheduled, mayWake }),
    runTurn: (prompt, observer, signal, traceparent = null) =>
      trace.during(traceparent, observer, (told) =>
        carry(turns.begin(prompt, told, null), (turn, either) => runTurn(needs, turn, either), signal),
      ),
    rejoinTurn: (past, observer, signal) =>
      trace.during(past.traceparent, observer, (told) => {
        const rejoined = turns.begin(past.prompt, told, past.begunAt);
        restore(rejoined, past);
        return carry(rejoined, (turn, either) => rejoinTurn(needs, past, turn, either), signal);
      }),
    takeBack: (prompt) =>
      leaveComposer({ terminal, door, text: toComposerText(prompt), displaced: { line: null } }, true),
    holds: async (prompt) => origin !== 'deaf' && holds(terminal, door, prompt),
    tell(payload, gone) {
      const parties = { slot, reports, modes, memory: parts.memory, listener, foreign: turns.foreign };
      return conversation.hear(payload) ? hear(parties, payload, gone) : {};
    },
    letGo() {
      slot.current?.prompts.letGo();
      slot.current?.dialogs.close();
      life.letGo();
    },
  };
}

function followEnd(parts: SessionParts, slot: TurnSlot): Life {
  return followLife({
    ...parts,
    async died(why) {
      const { current } = slot;
      if (current?.watch.state === 'entered' && isInConversation(await current.readTranscript()))
        current.watch.joined(null);
      endTurn(slot, why);
    },
    closing(why, kill) {
      endTurn(slot, why);
      return kill();
    },
  });
}

function endTurn({ current }: TurnSlot, why: string): void {
  current?.watch.finish(toExited(current.watch.state, current.watch.partialText(), why));
}

/** An agent that says nothing of it does what its hooks tell. */
function toActivity({ isPrompted }: Reports): Activity {
  return isPrompted ? 'busy' : 'idle';
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
